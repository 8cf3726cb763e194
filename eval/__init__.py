"""Questions with known answers, and how well any system answers them."""

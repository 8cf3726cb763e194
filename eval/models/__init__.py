"""What the shipped models are worth, on public sets that none of them was trained or tuned on."""

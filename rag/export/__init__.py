"""Taking answers away: conversations and citations as files that can be checked again offline."""

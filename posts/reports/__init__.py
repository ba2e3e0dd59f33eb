"""Reports: people tell moderators of posts, comments and accounts; a copy of what they saw is kept with it."""

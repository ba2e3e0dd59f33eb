"""Cards of the first link of a post: fetched once by a worker, kept for a while, never fetched by who reads.

guard       which addresses of the internet a worker may speak to
http        one page or picture, with bounds on time, size, type and redirects
page        what a page says of itself (Open Graph)
pictures    its picture, made our own
repository  where previews are kept
services    all that, from a post to its preview
selectors   previews of many links at once
"""

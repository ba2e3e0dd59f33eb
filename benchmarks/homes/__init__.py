"""What `benchmarks/feed.py` measures, part by part.

pages.py      what a page asks of DynamoDB: cold, with every cache wiped, warm
celebrity.py  the post of somebody whom everybody pulls, with few and with very many followers
delays.py     how soon a post is seen, alone and beside a fan-out
network.py    a made-up network: who follows whom, who posted what, who reads
ours.py       that network in Roost, and a page read and a post made there
theirs.py     the same in the plain Django app `benchmarks.orm_feed`, and its web server
beside.py     both of them in turns: in process, over HTTP, posting; and Roost's page as the network grows
"""

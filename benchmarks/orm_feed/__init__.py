"""The same home page as a plain Django app would have it: the ORM, Django REST framework, PostgreSQL, no cache, no tasks.

    models.py        people, follows, posts, inboxes, marks, with the indexes that the two queries want
    pages.py         a page by pull (`author_id IN (followees)`) and by push (the inbox), and a post that is pushed
    serializers.py   the fields of Roost's posts      views.py, urls.py, wsgi.py, settings.py   the site
    asked.py         a process that loads a network and times what it is asked, for `benchmarks/feed.py`

A measure for the feed, so nothing here is made slow on purpose: connections are kept, a page is two queries (a pulled one
three), rows come by COPY and are analysed before anything is timed.
"""

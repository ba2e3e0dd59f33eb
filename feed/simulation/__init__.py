"""What each delivery policy would cost on a network: `manage.py simulate_delivery`.

    edge_lists.py | power_law.py  ->  graphs.py (who follows whom)
    activity.py                       how often each reads and posts
    bills.py                          the policies of `feed.policies`, asked about every edge, added up
    outcome.py, plot.py               table, JSON and picture

Expected values throughout: chance makes the network and its rates, by a seed, and nothing after that.
"""

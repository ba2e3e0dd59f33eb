"""What people write: checked, read once into facets (hashtags, mentions, links), and shown safely, in any script.

    limits      what may be stored, and how long it may be
    parse       text -> facets: tags, mentions, links, by the rules in the module of each
    facets      what a facet is, and how it is stored
    html        text and facets -> HTML
    domains     which names are of the public internet, from the Public Suffix List
    graphemes   how many characters a reader sees

Only `html` knows pages and only `limits` refuses; everything is plain functions over strings.
"""

"""Getting official texts from where they are published. The only part of the project that contacts other hosts.

addresses   which hosts may be contacted: public ones only, unless the user allows more
download    one URL → bytes, with limits, retries and checked redirects
judge       whether what came back is the text, a page that says it is gone, or something else
snapshots   every version ever read, by content hash, and what is known of each page
official    the catalogue's editions, one after another
"""

"""The report as one HTML file that asks nothing of any network.

``writer`` puts the page together: what it shows as text and pictures is made here from the record (``promises``,
``pictures``, ``misses``, ``service``, ``remarks``); what it shows on demand, the table of tickets and their worksheets,
travels as data (``blocks``) and is built by ``script.js``.
"""

"""A province and its desks in one process: real code, an invented network, a clock and a chance that come from a seed.

`stage` builds what every run copies; `machines` are desks and the province, and how they die; `network` is the road
between them; `acts` is what people do (a new act is a row of its table); `world` puts them together; `oracle` keeps
its own record and checks every promise at rest.
"""

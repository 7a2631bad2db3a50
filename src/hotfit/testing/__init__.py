"""Contract classes for every Protocol: what a part of ours, or a plugin, must keep to pass.

A test class inherits the contract and names the part; may import everything below it.
"""

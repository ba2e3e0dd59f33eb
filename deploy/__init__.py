"""How Roost is put on a machine: `local/` for one machine of your own."""

"""The demo network: a plan that is pure and the same for one seed, and a build that writes it through the services.

stock (languages/*.txt) -> people -> follows -> conversations -> plan -> build
                               avatars, photos, art -> pictures --^
"""

"""axe-core's judgement of a page: what is wrong with it for those who do not see or point."""

from axe_playwright_python.sync_playwright import Axe

SERIOUS = {"serious", "critical"}


def violations(page):
    """(serious ones as text, how many rules were passed) of an open page."""
    found = Axe().run(page).response
    told = [
        f"{each['id']}: {each['help']}; {node['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]
    return told, len(found["passes"])

"""What ``scrapy crawl news -a targets=…`` runs with: the project, and the user's own configuration.

Importing this reads ``newswarc.toml`` and the environment, and raises ``ConfigError`` where they are wrong.
A crawl job does not: it is given its configuration.
"""

from crawler import project
from crawler.config import load

globals().update({name: value for name, value in vars(project).items() if name.isupper()})
globals().update(project.scrapy_settings(load()))

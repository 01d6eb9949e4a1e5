"""Takes what stands in people's bells to where they look: mail, and group robots of 企业微信, 钉钉 and 飞书, as each chooses.

``actions.route`` turns new notifications into deliveries once a minute: by kind, by the person's choice, by quiet hours
and daily digest in their zone. ``actions.deliver`` sends what is due, tries again with growing pauses, and keeps every
delivery in an outbox. Addresses of robots and their secrets are sealed and never shown again. Only https addresses of
public hosts are called, unless the operator allows a host (``DUOBIAO_PUSH_HOSTS``).
"""

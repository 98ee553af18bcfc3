"""Serve the dashboard, a page of a ledger that works as a Mini App and in any browser.

Pages are whole HTML, made on the server: links and forms do everything, and the scripts only add what
a Telegram client needs (`static/bridge.js`) and some comfort (`static/page.js`).
"""

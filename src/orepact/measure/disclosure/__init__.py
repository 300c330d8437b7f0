"""What of a table of sums may be told without telling what one owner holds.

``rules`` when a sum is unsafe · ``axis`` the order of rows or columns · ``table`` cells, owners and the sums between cells ·
``reach`` what somebody can work out from what is told · ``hiding`` which more to hide · ``protect`` all of it · ``audit`` how
near one comes to what is hidden · ``pools`` the files that say which tables there are · ``giving`` the files of amounts.
"""

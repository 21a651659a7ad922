"""How the admin site introduces itself."""

from django.contrib import admin

admin.site.site_header = "librarian"
admin.site.site_title = "librarian"
admin.site.index_title = "Administration"
admin.site.enable_nav_sidebar = False  # the first page has the same links in a sensible order
admin.site.index_template = "admin/index_with_monitor.html"

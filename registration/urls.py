"""URLs of this room: the applicant's portal and the officers' desk; each view is behind a named gate."""

from registration.urls_desk import urlpatterns as desk
from registration.urls_portal import urlpatterns as portal

app_name = "registration"

urlpatterns = [*portal, *desk]

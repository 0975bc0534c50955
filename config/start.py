from django.shortcuts import redirect


def start(request):
    """The page each role begins its day on."""
    roles = request.user.roles
    if "federation_officer" in roles:
        return redirect("reports:district")
    if request.user.is_staff:
        return redirect("admin:index")
    if "volunteer" in roles:
        return redirect("portal:children")
    return redirect("account_change_password")

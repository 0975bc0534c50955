from django.utils.functional import SimpleLazyObject


class VolunteerMiddleware:
    """`request.volunteer`: the helper in good standing who asks, or something false; looked up only when used."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        from volunteers.standing import in_good_standing  # middleware is loaded before the models are

        request.volunteer = SimpleLazyObject(lambda: in_good_standing(request.user))
        return self.get_response(request)

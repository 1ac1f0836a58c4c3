"""None: allauth looks for a provider's addresses here, and its own would take scopes and parameters from whoever asks. Ours are pages."""

urlpatterns: list[object] = []

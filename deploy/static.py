"""Static files under names that carry a hash of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed; ``import`` lines of ES modules are rewritten to the hashed names as well."""

    support_js_module_import_aggregation = True

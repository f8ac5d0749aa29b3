package dev.aidp.core.template;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where references get their values from.
@FunctionalInterface
public interface Values {
  /// @return null if it is not known yet: the reference is then left as it was written
  /// @throws TemplateException if there is no such value
  @Nullable JsonNode value(Reference reference);
}

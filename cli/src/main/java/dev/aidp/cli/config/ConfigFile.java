package dev.aidp.cli.config;

import dev.aidp.cli.config.Settings.Budget;
import dev.aidp.cli.config.Settings.ProviderSettings;
import dev.aidp.cli.config.Settings.Workflow;
import dev.aidp.core.price.TokenPrices;
import dev.aidp.worker.provider.Providers;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One configuration file, taken apart and checked.
///
/// @param settings all that it says
/// @param trustedKeys those of its keys that count only where the file is trusted
record ConfigFile(Settings settings, Set<String> trustedKeys) {
  /// Keys that could run a program, send data elsewhere, or delete it.
  private static final Set<String> NEED_TRUST = Set.of("database", "env", "providers", "retention");

  private static final List<String> KEYS =
      List.of(
          "workspace",
          "provider",
          "model",
          "permissions",
          "timeout",
          "stall_timeout",
          "max_attempts",
          "worker_count",
          "fallback",
          "budget",
          "workflow",
          "retention",
          "database",
          "env",
          "providers");

  private static final List<String> PROVIDER_KEYS =
      List.of("command", "dialect", "model", "args", "timeout", "prices");

  /// Words that are node types, or would be mistaken for a dialect.
  private static final List<String> RESERVED = List.of("task", "gate", "approval", "text");

  static ConfigFile read(Path file) {
    YamlMapping root = YamlMapping.read(file);
    root.allow(KEYS);
    Settings settings =
        new Settings(
            root.text("workspace"),
            root.text("provider"),
            root.text("model"),
            root.permissions("permissions"),
            root.duration("timeout"),
            root.duration("stall_timeout"),
            root.integer("max_attempts", 1, 1_000_000),
            root.integer("worker_count", 1, 99_999),
            root.texts("fallback"),
            budget(root),
            workflow(root),
            root.duration("retention"),
            root.mapping("database").allow(List.of("url")).text("url"),
            root.mapping("env").variables(),
            providers(root.mapping("providers")));
    Set<String> trusted = new TreeSet<>(root.keys());
    trusted.retainAll(NEED_TRUST);
    return new ConfigFile(settings, trusted);
  }

  private static Budget budget(YamlMapping root) {
    YamlMapping budget =
        root.mapping("budget").allow(List.of("per_job_usd", "per_run_usd", "per_day_usd"));
    return new Budget(
        budget.amount("per_job_usd"), budget.amount("per_run_usd"), budget.amount("per_day_usd"));
  }

  private static Workflow workflow(YamlMapping root) {
    YamlMapping workflow =
        root.mapping("workflow").allow(List.of("steps", "templates", "outputs", "approvals"));
    Map<String, Placed> templates = new LinkedHashMap<>();
    YamlMapping templateFiles = workflow.mapping("templates");
    templateFiles.keys().forEach(step -> templates.put(step, templateFiles.requirePlaced(step)));
    Map<String, List<Placed>> outputs = new LinkedHashMap<>();
    YamlMapping outputFiles = workflow.mapping("outputs");
    outputFiles.keys().forEach(step -> outputs.put(step, outputFiles.requirePlacedTexts(step)));
    return new Workflow(
        workflow.placedTexts("steps"),
        templates,
        outputs,
        workflow.has("approvals") ? workflow.placedTexts("approvals") : null);
  }

  private static Map<String, ProviderSettings> providers(YamlMapping providers) {
    Map<String, ProviderSettings> byName = new LinkedHashMap<>();
    for (String name : providers.keys()) {
      YamlMapping provider = providers.mapping(name).allow(PROVIDER_KEYS);
      byName.put(
          name,
          new ProviderSettings(
              provider.words("command"),
              dialect(providers, name, provider),
              provider.text("model"),
              provider.texts("args"),
              provider.duration("timeout"),
              prices(provider.mapping("prices"))));
    }
    return byName;
  }

  /// A provider that aidp does not know itself needs one.
  private static @Nullable String dialect(
      YamlMapping providers, String name, YamlMapping provider) {
    List<String> dialects = Providers.dialects();
    String dialect = provider.word("dialect", dialects);
    if (Providers.all().names().contains(name)) {
      return dialect;
    }
    if (!name.matches("[A-Za-z][A-Za-z0-9_-]*") || RESERVED.contains(name)) {
      throw providers.refused(
          name, "is no name for a provider", "letters, digits, - and _, and none of " + RESERVED);
    }
    if (dialect == null) {
      throw providers.refused(
          name, "has no dialect", "dialect: one of " + String.join(", ", dialects));
    }
    return dialect;
  }

  private static Map<String, TokenPrices> prices(YamlMapping prices) {
    Map<String, TokenPrices> byModel = new LinkedHashMap<>();
    for (String model : prices.keys()) {
      YamlMapping price = prices.mapping(model).allow(List.of("input", "output", "cached"));
      BigDecimal input = price.amount("input");
      BigDecimal output = price.amount("output");
      BigDecimal cached = price.amount("cached");
      if (input == null || output == null) {
        throw prices.refusal(
            model, "needs input and output", "US dollars per million tokens, like 2.50");
      }
      byModel.put(model, new TokenPrices(input, output, cached == null ? input : cached));
    }
    return byModel;
  }

  /// What it says where it is not trusted.
  Settings untrusted() {
    Settings all = settings;
    return new Settings(
        all.workspace(),
        all.provider(),
        all.model(),
        all.permissions(),
        all.timeout(),
        all.stallTimeout(),
        all.maxAttempts(),
        all.workerCount(),
        all.fallback(),
        all.budget(),
        all.workflow(),
        null,
        null,
        Map.of(),
        Map.of());
  }
}

package dev.aidp.db.queue;

import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Budgets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The key `budget` of the column `jobs.options`.
final class BudgetsJson {
  private BudgetsJson() {}

  static ObjectNode node(Budgets budgets) {
    ObjectNode node = JsonMapper.shared().createObjectNode();
    put(node, "job", budgets.job());
    put(node, "run", budgets.run());
    return node;
  }

  private static void put(ObjectNode node, String whose, Budget budget) {
    if (budget.usd() != null) {
      node.put(whose + "Usd", budget.usd());
    }
    if (budget.tokens() != null) {
      node.put(whose + "Tokens", budget.tokens());
    }
  }

  static Budgets read(JsonNode node) {
    return node.isObject() ? new Budgets(budget(node, "job"), budget(node, "run")) : Budgets.NONE;
  }

  private static Budget budget(JsonNode node, String whose) {
    JsonNode usd = node.path(whose + "Usd");
    JsonNode tokens = node.path(whose + "Tokens");
    @Nullable Long limit = tokens.isNumber() ? tokens.asLong() : null;
    return new Budget(usd.isNumber() ? usd.decimalValue() : null, limit);
  }
}

package dev.aidp.db.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {
  private static final Path HOME = Path.of("/home/someone/.local/share/aidp");

  @ParameterizedTest
  @CsvSource({
    "postgresql://h/db, jdbc:postgresql://h:5432/db",
    "postgres://h:5433/db, jdbc:postgresql://h:5433/db",
    "jdbc:postgresql://h/db, jdbc:postgresql://h:5432/db",
    "jdbc:postgresql:db, jdbc:postgresql://localhost:5432/db",
    "postgresql:///db, jdbc:postgresql://localhost:5432/db",
    "postgresql://[::1]:5433/db, jdbc:postgresql://[::1]:5433/db",
    "postgresql:///db?host=h&port=5433, jdbc:postgresql://h:5433/db",
    "postgresql://h/my%20db?sslmode=require, jdbc:postgresql://h:5432/my%20db?sslmode=require",
    "postgresql://h/db?connect_timeout=3, jdbc:postgresql://h:5432/db?connectTimeout=3",
    "'postgresql://a,b:5433/db', 'jdbc:postgresql://a:5432,b:5433/db?targetServerType=primary'",
    "'jdbc:postgresql://a,b/db?targetServerType=any',"
        + "'jdbc:postgresql://a:5432,b:5432/db?targetServerType=any'",
    "'postgresql://a,b/db?target_session_attrs=read-write',"
        + "'jdbc:postgresql://a:5432,b:5432/db?targetServerType=primary'",
  })
  void understandsWhatPsqlAndJdbcUnderstand(String url, String jdbcUrl) {
    assertThat(DatabaseAddress.parse(url).jdbcUrl()).isEqualTo(jdbcUrl);
  }

  @Test
  void decodesUserAndPassword() {
    DatabaseAddress address = DatabaseAddress.parse("postgresql://us%40er:p%2Fw+%25x@h/db");
    assertThat(address.user()).isEqualTo("us@er");
    assertThat(address.password()).isEqualTo("p/w+%x");
    assertThat(address.toUri()).isEqualTo("postgresql://us%40er:p%2Fw%2B%25x@h:5432/db");
  }

  @Test
  void takesUserAndPasswordFromJdbcParameters() {
    DatabaseAddress address =
        DatabaseAddress.parse("jdbc:postgresql://h/db?user=me&password=se%26cret&ssl=true");
    assertThat(address.user()).isEqualTo("me");
    assertThat(address.password()).isEqualTo("se&cret");
    assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://h:5432/db?ssl=true");
  }

  @Test
  void givesPsqlItsOwnNamesBack() {
    assertThat(DatabaseAddress.parse("postgresql://me@a,b/db?application_name=x").toUri())
        .isEqualTo(
            "postgresql://me@a:5432,b:5432/db?application_name=x&target_session_attrs=read-write");
  }

  @Test
  void changesTheDatabaseAndNothingElse() {
    DatabaseAddress address = DatabaseAddress.parse("postgresql://me:pw@a,b/db?sslmode=require");
    assertThat(address.withDatabase("other/one").jdbcUrl())
        .isEqualTo(
            "jdbc:postgresql://a:5432,b:5432/other%2Fone?sslmode=require&targetServerType=primary");
  }

  @Test
  void neverShowsThePassword() {
    assertThat(DatabaseAddress.parse("postgresql://me:secret@h/db?sslpassword=secret").toString())
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/db",
        "h/db",
        "postgresql://h",
        "postgresql://h/",
        "postgresql://h:port/db",
        "postgresql://h:99999/db",
        "postgresql://u:secret%@h/db",
        "postgresql://h/db?sslmode",
        "postgresql://%2Fvar%2Frun/db",
        "postgresql://a b/db",
      })
  void refusesABadUrlWithoutShowingIt(String url) {
    assertThatThrownBy(() -> DatabaseAddress.parse(url))
        .isInstanceOfSatisfying(
            AidpException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.DATABASE);
              assertThat(e).hasMessageStartingWith("AIDP_DATABASE_URL is not a PostgreSQL URL: ");
              assertThat(e.getMessage()).doesNotContain("secret");
              assertThat(e.remedy())
                  .isEqualTo(
                      "Set it like this: AIDP_DATABASE_URL="
                          + "postgresql://user:password@db.example.com:5432/aidp");
            });
  }

  @Test
  void prefersTheUrlThenThePartsThenTheConfiguration() {
    Map<String, String> parts =
        Map.of(
            "AIDP_DATABASE_URL", "",
            "AIDP_DB_HOST", "h",
            "AIDP_DB_PORT", "5433",
            "AIDP_DB_USER", "me",
            "AIDP_DB_PASSWORD", "p@w");
    assertThat(
            DatabaseSettings.resolve(
                Map.of("AIDP_DATABASE_URL", "postgresql://u/db", "AIDP_DB_HOST", "h"), null, HOME))
        .isEqualTo(new DatabaseSettings.External(DatabaseAddress.parse("postgresql://u/db")));
    assertThat(DatabaseSettings.resolve(parts, "postgresql://c/db", HOME))
        .isEqualTo(
            new DatabaseSettings.External(
                new DatabaseAddress("jdbc:postgresql://h:5433/aidp", "me", "p@w", false)));
    assertThat(DatabaseSettings.resolve(Map.of("AIDP_DB_NAME", "n"), null, HOME))
        .isEqualTo(new DatabaseSettings.External(DatabaseAddress.parse("postgresql:///n")));
    assertThat(DatabaseSettings.resolve(Map.of(), "postgresql://c/db", HOME))
        .isEqualTo(new DatabaseSettings.External(DatabaseAddress.parse("postgresql://c/db")));
    assertThat(DatabaseSettings.resolve(Map.of("AIDP_DB_PORT", "1"), null, HOME))
        .isEqualTo(new DatabaseSettings.Embedded(HOME));
  }

  @Test
  void namesTheBadPart() {
    assertThatThrownBy(() ->
            DatabaseSettings.resolve(Map.of("AIDP_DB_HOST", "h", "AIDP_DB_PORT", "x"), null, HOME))
        .hasMessageContaining("AIDP_DB_PORT");
    assertThatThrownBy(() -> DatabaseSettings.resolve(Map.of("AIDP_DB_HOST", "h/x"), null, HOME))
        .hasMessageContaining("AIDP_DB_HOST");
    assertThatThrownBy(() -> DatabaseSettings.resolve(Map.of(), "h", HOME))
        .hasMessageContaining("database.url");
  }
}

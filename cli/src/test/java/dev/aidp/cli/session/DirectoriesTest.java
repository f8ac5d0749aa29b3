package dev.aidp.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DirectoriesTest {
  private static final Path CALLER = Path.of("/work/project");

  private static Directories of(Map<String, String> environment) {
    return Directories.of(environment, CALLER);
  }

  @Test
  void liveBelowTheUsersHomeWhereNothingIsSaid() {
    assertThat(of(Map.of("HOME", "/home/ada")))
        .isEqualTo(
            new Directories(
                Path.of("/home/ada/.local/share/aidp"), Path.of("/home/ada/.config/aidp")));
  }

  @Test
  void followTheXdgVariables() {
    assertThat(
            of(
                Map.of(
                    "HOME", "/home/ada", "XDG_DATA_HOME", "/data", "XDG_CONFIG_HOME", "/etc/ada")))
        .isEqualTo(new Directories(Path.of("/data/aidp"), Path.of("/etc/ada/aidp")));
  }

  @Test
  void ignoreARelativeXdgVariableAsItsSpecificationSays() {
    assertThat(of(Map.of("HOME", "/home/ada", "XDG_DATA_HOME", "data")).home())
        .isEqualTo(Path.of("/home/ada/.local/share/aidp"));
  }

  @Test
  void letAidpHomeWinAndTakeItRelativeToTheCaller() {
    assertThat(of(Map.of("HOME", "/h", "XDG_DATA_HOME", "/data", "AIDP_HOME", "/own")).home())
        .isEqualTo(Path.of("/own"));
    assertThat(of(Map.of("HOME", "/h", "AIDP_HOME", "../own")).home())
        .isEqualTo(Path.of("/work/own"));
  }
}

package dev.aidp.cli.command;

import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.text.Durations;
import dev.aidp.db.read.SumUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/// How arguments are read: what picocli does by itself, where it would surprise, is switched off.
final class Parsing {
  private Parsing() {}

  static void configure(CommandLine root) {
    // "@file" is a prompt's file, and not a file of arguments.
    root.setExpandAtFiles(false);
    root.setUsageHelpAutoWidth(true);
    root.setInterpolateVariables(false);
    root.setPosixClusteredShortOptionsAllowed(false);
    root.registerConverter(long.class, Parsing::number);
    root.registerConverter(Long.class, Parsing::number);
    root.registerConverter(int.class, Parsing::smallNumber);
    root.registerConverter(Integer.class, Parsing::smallNumber);
    root.registerConverter(BigDecimal.class, Parsing::amount);
    root.registerConverter(Duration.class, Parsing::duration);
    root.registerConverter(Instant.class, Parsing::time);
    root.registerConverter(Permissions.class, text -> word(Permissions.values(), text));
    root.registerConverter(JobStatus.class, text -> word(JobStatus.values(), text));
    root.registerConverter(SumUsage.By.class, text -> word(SumUsage.By.values(), text));
    root.registerConverter(LogLevel.class, text -> word(LogLevel.values(), text));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a whole number");
    }
  }

  private static int smallNumber(String text) {
    long number = number(text);
    if (number != (int) number) {
      throw new TypeConversionException("'" + text + "' is out of range");
    }
    return (int) number;
  }

  private static BigDecimal amount(String text) {
    if (!text.strip().matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      throw new TypeConversionException("'" + text + "' is not an amount; write it like 2.50");
    }
    return new BigDecimal(text.strip());
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a time; write it like 2026-01-31T18:00:00Z");
    }
  }

  private static <E extends Enum<E>> E word(E[] all, String text) {
    for (E one : all) {
      if (one.name().toLowerCase(Locale.ROOT).equals(text)) {
        return one;
      }
    }
    throw new TypeConversionException(
        "'"
            + text
            + "' is none of "
            + String.join(
                ", ", Arrays.stream(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toList()));
  }
}

package dev.aidp.worker.price;

import dev.aidp.core.price.PriceTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The list prices that ship with the program: `prices.txt` beside this class.
public final class PublicPrices {
  private static final class Holder {
    static final PriceTable TABLE = read();
  }

  private PublicPrices() {}

  public static PriceTable table() {
    return Holder.TABLE;
  }

  private static PriceTable read() {
    try (InputStream in =
        Objects.requireNonNull(PublicPrices.class.getResourceAsStream("prices.txt"))) {
      return PriceTable.parse(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

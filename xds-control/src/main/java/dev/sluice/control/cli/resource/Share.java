package dev.sluice.control.cli.resource;

import java.math.BigDecimal;
import java.math.RoundingMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A share as people write it: {@code 25%}, {@code 0.5%} or {@code 250000ppm}. A bare number is
 * refused, since it could mean either. Immutable.
 *
 * @param ppm parts per million, 0..1,000,000
 */
public record Share(int ppm) {
    private static final BigDecimal PPM_PER_PERCENT = BigDecimal.valueOf(10_000);
    private static final BigDecimal ALL = BigDecimal.valueOf(1_000_000);

    /** As percent, without trailing zeros: {@code 0.5%}. */
    public static String text(int ppm) {
        return BigDecimal.valueOf(ppm).divide(PPM_PER_PERCENT).stripTrailingZeros().toPlainString()
                + "%";
    }

    static Share parse(String text) {
        String given = text.strip();
        if (given.matches("[0-9]{1,12}(\\.[0-9]{1,12})?%")) {
            return exactly(text, number(given, 1).multiply(PPM_PER_PERCENT));
        }
        if (given.matches("[0-9]{1,12}ppm")) {
            return exactly(text, number(given, 3));
        }
        throw refused(text);
    }

    private static BigDecimal number(String given, int unitLength) {
        return new BigDecimal(given.substring(0, given.length() - unitLength));
    }

    private static Share exactly(String text, BigDecimal ppm) {
        if (ppm.compareTo(ALL) > 0 || ppm.stripTrailingZeros().scale() > 0) {
            throw refused(text);
        }
        return new Share(ppm.setScale(0, RoundingMode.UNNECESSARY).intValueExact());
    }

    private static TypeConversionException refused(String text) {
        return new TypeConversionException(
                "share: got '%s', expected 0%%..100%% in steps of 0.0001%%, or 0ppm..1000000ppm; write for example 25%% or 250000ppm"
                        .formatted(text));
    }

    /** Reads a share for the parser. */
    public static final class Converter implements ITypeConverter<Share> {
        @Override
        public Share convert(String value) {
            return parse(value);
        }
    }
}

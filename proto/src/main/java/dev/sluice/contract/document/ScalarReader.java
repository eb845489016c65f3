package dev.sluice.contract.document;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.sluice.contract.document.Tree.Scalar;
import dev.sluice.contract.document.Tree.Style;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads single values as protobuf's JSON mapping writes them, with plain YAML scalars in the place
 * of JSON's bare words. For one thread.
 */
final class ScalarReader {
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,4})?");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]{1,16}");
    private static final int LONGEST_NUMBER = 400;
    private static final BigInteger UINT32_MAX = BigInteger.valueOf(0xffff_ffffL);
    private static final BigInteger UINT64_MAX =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final Findings findings;

    ScalarReader(Findings findings) {
        this.findings = findings;
    }

    /** The value of a field that holds no message; empty when it is wrong, which is a finding. */
    Optional<Object> read(Scalar scalar, FieldDescriptor field, String path) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 ->
                    integer(scalar, path, Integer.MIN_VALUE, Integer.MAX_VALUE)
                            .map(BigInteger::intValue);
            case UINT32, FIXED32 ->
                    integer(scalar, path, BigInteger.ZERO, UINT32_MAX).map(BigInteger::intValue);
            case INT64, SINT64, SFIXED64 ->
                    integer(scalar, path, Long.MIN_VALUE, Long.MAX_VALUE)
                            .map(BigInteger::longValue);
            case UINT64, FIXED64 ->
                    integer(scalar, path, BigInteger.ZERO, UINT64_MAX).map(BigInteger::longValue);
            case DOUBLE -> floating(scalar, path, Double.MAX_VALUE).map(d -> d);
            case FLOAT -> floating(scalar, path, Float.MAX_VALUE).map(Double::floatValue);
            case BOOL -> bool(scalar, path).map(b -> b);
            case STRING -> string(scalar, path).map(s -> s);
            case BYTES -> bytes(scalar, path).map(b -> b);
            case ENUM -> enumeration(scalar, field.getEnumType(), path).map(e -> e);
            case MESSAGE, GROUP -> throw new IllegalStateException(field + " holds a message");
        };
    }

    /** A string; a number or truth value without quotes is not one. */
    Optional<String> string(Scalar scalar, String path) {
        if (scalar.style() == Style.PLAIN && notString(scalar.text())) {
            return wrong(
                    scalar, path, "a string", "put it in quotes: " + Words.quote(scalar.text()));
        }
        return Optional.of(scalar.text());
    }

    /** Whether a plain scalar is a truth value or number in YAML's core schema. */
    static boolean notString(String plain) {
        return truth(plain).isPresent() || number(plain).isPresent();
    }

    /** The truth value that a plain scalar is. */
    static Optional<Boolean> truth(String plain) {
        return switch (plain) {
            case "true", "True", "TRUE" -> Optional.of(true);
            case "false", "False", "FALSE" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** The number that a plain scalar is, finite or not. */
    static Optional<Double> number(String text) {
        return switch (text) {
            case "NaN", ".nan", ".NaN" -> Optional.of(Double.NaN);
            case "Infinity", ".inf", "+.inf" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-Infinity", "-.inf" -> Optional.of(Double.NEGATIVE_INFINITY);
            default ->
                    text.length() <= LONGEST_NUMBER && DECIMAL.matcher(text).matches()
                            ? Optional.of(Double.parseDouble(text))
                            : hexadecimal(text).map(BigInteger::doubleValue);
        };
    }

    /** The key of a map entry: always written as a string. */
    Optional<Object> key(Scalar scalar, FieldDescriptor field, String path) {
        return switch (field.getType()) {
            case STRING -> Optional.of(scalar.text());
            case BOOL ->
                    bool(new Scalar(scalar.place(), scalar.text(), Style.PLAIN), path).map(b -> b);
            case DOUBLE,
                    FLOAT,
                    INT64,
                    UINT64,
                    INT32,
                    FIXED64,
                    FIXED32,
                    BYTES,
                    UINT32,
                    ENUM,
                    SFIXED32,
                    SFIXED64,
                    SINT32,
                    SINT64,
                    MESSAGE,
                    GROUP ->
                    read(scalar, field, path);
        };
    }

    private Optional<BigInteger> integer(Scalar scalar, String path, long low, long high) {
        return integer(scalar, path, BigInteger.valueOf(low), BigInteger.valueOf(high));
    }

    private Optional<BigInteger> integer(
            Scalar scalar, String path, BigInteger low, BigInteger high) {
        String expected = "a whole number " + low + ".." + high;
        Optional<BigInteger> value = whole(scalar.text());
        if (value.isEmpty() || value.get().compareTo(low) < 0 || value.get().compareTo(high) > 0) {
            return wrong(scalar, path, expected, "write a number in this range");
        }
        return value;
    }

    private static Optional<BigInteger> whole(String text) {
        if (text.length() > LONGEST_NUMBER || !DECIMAL.matcher(text).matches()) {
            return hexadecimal(text);
        }
        BigDecimal value = new BigDecimal(text).stripTrailingZeros();
        boolean small = value.precision() - value.scale() <= 40; // 1e9999 must not be unfolded
        return value.scale() <= 0 && small ? Optional.of(value.toBigInteger()) : Optional.empty();
    }

    private static Optional<BigInteger> hexadecimal(String text) {
        return HEXADECIMAL.matcher(text).matches()
                ? Optional.of(new BigInteger(text.substring(2), 16))
                : Optional.empty();
    }

    private Optional<Double> floating(Scalar scalar, String path, double largest) {
        Optional<Double> value = number(scalar.text());
        boolean written = value.isPresent() && DECIMAL.matcher(scalar.text()).matches();
        if (value.isEmpty() || (written && Math.abs(value.get()) > largest)) {
            return wrong(
                    scalar,
                    path,
                    "a number of size up to " + largest + ", NaN, Infinity or -Infinity",
                    "write a number in this range");
        }
        return value;
    }

    private Optional<Boolean> bool(Scalar scalar, String path) {
        Optional<Boolean> value =
                scalar.style() == Style.PLAIN ? truth(scalar.text()) : Optional.empty();
        return value.isPresent()
                ? value
                : wrong(scalar, path, "true or false", "write true or false, without quotes");
    }

    private Optional<ByteString> bytes(Scalar scalar, String path) {
        String text = scalar.text().replace('-', '+').replace('_', '/');
        try {
            return Optional.of(ByteString.copyFrom(Base64.getDecoder().decode(text)));
        } catch (IllegalArgumentException malformed) {
            return wrong(scalar, path, "bytes in base64", "encode the bytes in base64 (RFC 4648)");
        }
    }

    private Optional<EnumValueDescriptor> enumeration(
            Scalar scalar, EnumDescriptor type, String path) {
        EnumValueDescriptor named = type.findValueByName(scalar.text());
        if (named != null) {
            return Optional.of(named);
        }
        Optional<EnumValueDescriptor> numbered =
                whole(scalar.text())
                        .filter(n -> n.bitLength() < 32)
                        .map(n -> type.findValueByNumber(n.intValue()));
        if (numbered.isPresent()) {
            return numbered;
        }
        var names = type.getValues().stream().map(EnumValueDescriptor::getName).toList();
        return wrong(
                scalar,
                path,
                "one of " + String.join(", ", names),
                Words.nearest(scalar.text().toUpperCase(Locale.ROOT), names)
                        .map(name -> "did you mean " + name + "?")
                        .orElse("write one of these names"));
    }

    private <T> Optional<T> wrong(Scalar scalar, String path, String expected, String remedy) {
        findings.add(path, scalar.place(), scalar.shape(), expected, remedy);
        return Optional.empty();
    }
}

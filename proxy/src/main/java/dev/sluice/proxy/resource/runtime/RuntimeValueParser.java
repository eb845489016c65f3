package dev.sluice.proxy.resource.runtime;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent.DenominatorType;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the values of a runtime layer. Nested structures are keys joined by dots; a structure with
 * {@code numerator} or {@code denominator} is a share; texts that are a number, {@code true} or
 * {@code false} are one. Values with a problem are left out. Stateless.
 */
public final class RuntimeValueParser {
    private static final String NUMERATOR = "numerator";
    private static final String DENOMINATOR = "denominator";
    private static final Set<String> OF_SHARES = Set.of(NUMERATOR, DENOMINATOR);

    /** Integers up to here are exact. */
    private static final double LONGEST_PLAIN = 0x1p53;

    private static final double MOST = 0xffff_ffffL;

    private RuntimeValueParser() {}

    /** The values by dotted key. */
    static Map<String, RuntimeValue> values(Struct proto, Spot at) {
        Map<String, RuntimeValue> values = new TreeMap<>();
        collect(proto, "", values, at);
        return values;
    }

    private static void collect(
            Struct proto, String prefix, Map<String, RuntimeValue> into, Spot at) {
        proto.getFieldsMap()
                .forEach((name, value) -> {
                    String key = prefix + name;
                    Spot spot = at.field(name);
                    if (value.getKindCase() == Value.KindCase.STRUCT_VALUE
                            && !isShare(value.getStructValue())) {
                        collect(value.getStructValue(), key + ".", into, spot);
                        return;
                    }
                    Optional<RuntimeValue> read = value(value, spot);
                    if (read.isPresent() && into.put(key, read.get()) != null) {
                        spot.add(
                                "a second value of " + Problem.quote(key),
                                "each key once",
                                "write it either nested or with dots");
                    }
                });
    }

    private static boolean isShare(Struct proto) {
        return proto.getFieldsMap().keySet().stream().anyMatch(OF_SHARES::contains);
    }

    private static Optional<RuntimeValue> value(Value proto, Spot at) {
        return switch (proto.getKindCase()) {
            case NUMBER_VALUE ->
                    Optional.of(
                            new RuntimeValue.Numeral(
                                    text(proto.getNumberValue()), proto.getNumberValue()));
            case BOOL_VALUE -> Optional.of(new RuntimeValue.Flag(proto.getBoolValue()));
            case STRING_VALUE -> Optional.of(ofText(proto.getStringValue()));
            case STRUCT_VALUE -> share(proto.getStructValue(), at);
            case NULL_VALUE, LIST_VALUE, KIND_NOT_SET -> {
                at.add(
                        proto.getKindCase() == Value.KindCase.LIST_VALUE ? "a list" : "null",
                        "a number, true, false, a text or a structure",
                        "write one value, or leave the key out");
                yield Optional.empty();
            }
        };
    }

    /** What a text means as a value. */
    public static RuntimeValue ofText(String text) {
        if (text.equals("true") || text.equals("false")) {
            return new RuntimeValue.Flag(text.equals("true"));
        }
        try {
            return new RuntimeValue.Numeral(text, new BigDecimal(text).doubleValue());
        } catch (NumberFormatException notANumber) {
            return new RuntimeValue.Text(text);
        }
    }

    private static Optional<RuntimeValue> share(Struct proto, Spot at) {
        for (String name : proto.getFieldsMap().keySet()) {
            if (!OF_SHARES.contains(name)) {
                at.field(name).add("a field", "numerator and denominator", "remove it");
                return Optional.empty();
            }
        }
        double numerator = proto.getFieldsOrDefault(NUMERATOR, number(0)).getNumberValue();
        if (!(numerator >= 0 && numerator <= MOST && numerator == Math.rint(numerator))) {
            at.field(NUMERATOR).add(text(numerator), "an integer of 0..4294967295", "correct it");
            return Optional.empty();
        }
        String denominator =
                proto.getFieldsOrDefault(
                                DENOMINATOR,
                                Value.newBuilder()
                                        .setStringValue(DenominatorType.HUNDRED.name())
                                        .build())
                        .getStringValue();
        for (DenominatorType type : DenominatorType.values()) {
            if (type != DenominatorType.UNRECOGNIZED && type.name().equals(denominator)) {
                PartsPerMillion share =
                        Values.fraction(
                                FractionalPercent.newBuilder()
                                        .setNumerator((int) (long) numerator)
                                        .setDenominator(type)
                                        .build());
                return Optional.of(
                        new RuntimeValue.Fraction(
                                "{\"numerator\":%s,\"denominator\":\"%s\"}"
                                        .formatted(text(numerator), denominator),
                                share));
            }
        }
        at.field(DENOMINATOR)
                .add(
                        Problem.quote(denominator),
                        "HUNDRED, TEN_THOUSAND or MILLION",
                        "choose one of these");
        return Optional.empty();
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    private static String text(double number) {
        return number == Math.rint(number) && Math.abs(number) <= LONGEST_PLAIN
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}

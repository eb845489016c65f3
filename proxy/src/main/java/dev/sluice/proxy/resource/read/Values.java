package dev.sluice.proxy.resource.read;

import com.google.protobuf.UInt32Value;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.Percent;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Single values in their range: the value, or a problem and a stand-in that is never used.
 * Stateless.
 */
public final class Values {
    /** About a hundred years: longer ones do not fit into nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Values() {}

    /** A duration that is not negative. */
    public static Duration duration(com.google.protobuf.Duration proto, Spot at) {
        boolean inRange =
                proto.getSeconds() >= 0
                        && proto.getNanos() >= 0
                        && proto.getNanos() < 1_000_000_000
                        && proto.getSeconds() <= LONGEST.toSeconds();
        if (!inRange) {
            at.add(
                    proto.getSeconds() + "s " + proto.getNanos() + "ns",
                    "0s.." + LONGEST.toSeconds() + "s",
                    "write a duration in this range");
            return Duration.ZERO;
        }
        return Duration.ofSeconds(proto.getSeconds(), proto.getNanos());
    }

    /** A duration above zero. */
    public static Duration positive(com.google.protobuf.Duration proto, Spot at) {
        Duration value = duration(proto, at);
        if (value.isZero() && proto.getSeconds() == 0 && proto.getNanos() == 0) {
            at.add("0s", "more than 0s", "write a longer duration, or leave it out");
        }
        return value;
    }

    /** An unsigned number in [{@code least}, {@code most}]. */
    public static int number(UInt32Value proto, int least, int most, Spot at) {
        long value = Integer.toUnsignedLong(proto.getValue());
        if (value < least || value > most) {
            at.add(Long.toString(value), least + ".." + most, "write a number in this range");
            return least;
        }
        return (int) value;
    }

    /** A share that a runtime value may replace. */
    public static RuntimeShare share(RuntimeFractionalPercent proto) {
        return new RuntimeShare(proto.getRuntimeKey(), fraction(proto.getDefaultValue()));
    }

    /** A switch that a runtime value may turn; one without a default is off, as in Envoy. */
    public static RuntimeFlag flag(RuntimeFeatureFlag proto) {
        return new RuntimeFlag(proto.getRuntimeKey(), proto.getDefaultValue().getValue());
    }

    /** A share; over the whole is the whole, as in Envoy. */
    public static PartsPerMillion fraction(FractionalPercent proto) {
        long each =
                switch (proto.getDenominator()) {
                    case HUNDRED -> 10_000;
                    case TEN_THOUSAND -> 100;
                    case MILLION, UNRECOGNIZED -> 1;
                };
        long parts = Integer.toUnsignedLong(proto.getNumerator()) * each;
        return new PartsPerMillion((int) Math.min(parts, PartsPerMillion.WHOLE));
    }

    /** A text that is not empty. */
    public static String text(String text, Spot at) {
        if (text.isEmpty()) {
            at.add("nothing", "a text", "write it");
        }
        return text;
    }

    /** Whether a text is an IPv4 or IPv6 address. */
    public static boolean isIp(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException hostName) {
            return false;
        }
    }

    /** A value of a header field: no CR, LF or NUL. */
    public static Optional<String> headerValue(String value, Spot at) {
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            at.add(Problem.quote(value), "a text without CR, LF and NUL", "remove these");
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** A part of a cookie that this proxy writes: visible, without a semicolon (RFC 6265). */
    public static String cookieText(String text, Spot at) {
        if (text.chars().anyMatch(c -> c < ' ' || c > '~' || c == ';')) {
            at.add(Problem.quote(text), "visible ASCII without a semicolon", "remove these");
        }
        return text;
    }

    /** A share in parts per million; more than all is all. */
    public static int ppm(FractionalPercent proto, Spot at) {
        long factor =
                switch (proto.getDenominator()) {
                    case HUNDRED -> 10_000;
                    case TEN_THOUSAND -> 100;
                    case MILLION -> 1;
                    case UNRECOGNIZED -> {
                        at.field("denominator").add("unknown", "MILLION", "choose a known one");
                        yield 1;
                    }
                };
        return (int) Math.min(1_000_000, Integer.toUnsignedLong(proto.getNumerator()) * factor);
    }

    /** A percentage, 0..100. */
    public static double percent(Percent proto, Spot at) {
        double value = proto.getValue();
        if (!(value >= 0 && value <= 100)) {
            at.add(Double.toString(value), "0..100", "write a percentage");
            return 0;
        }
        return value;
    }

    /** The default of a setting that Envoy also reads from its runtime; here it is fixed. */
    public static double runtime(RuntimeDouble proto, double least, Spot at) {
        double value = proto.getDefaultValue();
        if (!(value >= least) || Double.isInfinite(value)) {
            at.field("default_value")
                    .add(Double.toString(value), "at least " + least, "write a greater number");
            return least;
        }
        return value;
    }
}

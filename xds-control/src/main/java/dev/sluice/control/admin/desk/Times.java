package dev.sluice.control.admin.desk;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.sluice.contract.Problems;
import java.time.Duration;
import java.time.Instant;

/** Times and durations of the contract. Stateless. */
public final class Times {
    private Times() {}

    public static Timestamp write(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    public static com.google.protobuf.Duration write(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    /** The time; the epoch after one problem was added, when it is none. */
    public static Instant read(Timestamp time, Problems at) {
        if (!Timestamps.isValid(time)) {
            at.add(
                    time.getSeconds() + " s and " + time.getNanos() + " ns",
                    "a time of the years 1 to 9999, nanoseconds 0..999999999",
                    "correct the time");
            return Instant.EPOCH;
        }
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    /** The duration; zero after one problem was added, when it is none. */
    public static Duration read(com.google.protobuf.Duration duration, Problems at) {
        if (!Durations.isValid(duration)) {
            at.add(
                    duration.getSeconds() + " s and " + duration.getNanos() + " ns",
                    "seconds and nanoseconds of one sign, nanoseconds under 10^9",
                    "correct the duration");
            return Duration.ZERO;
        }
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }
}

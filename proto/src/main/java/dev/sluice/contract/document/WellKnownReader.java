package dev.sluice.contract.document;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.sluice.contract.document.Tree.Mapping;
import dev.sluice.contract.document.Tree.Scalar;
import dev.sluice.contract.document.Tree.Sequence;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the messages of {@code google.protobuf} that have a written form of their own. For one
 * document and one thread.
 */
final class WellKnownReader {
    private static final Set<String> WRAPPERS =
            Set.of(
                    "google.protobuf.DoubleValue",
                    "google.protobuf.FloatValue",
                    "google.protobuf.Int64Value",
                    "google.protobuf.UInt64Value",
                    "google.protobuf.Int32Value",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.BoolValue",
                    "google.protobuf.StringValue",
                    "google.protobuf.BytesValue");
    private static final Set<String> OTHERS =
            Set.of(
                    Any.getDescriptor().getFullName(),
                    Duration.getDescriptor().getFullName(),
                    Timestamp.getDescriptor().getFullName(),
                    FieldMask.getDescriptor().getFullName(),
                    Struct.getDescriptor().getFullName(),
                    Value.getDescriptor().getFullName(),
                    ListValue.getDescriptor().getFullName());
    private static final Pattern SECONDS = Pattern.compile("-?\\d{1,12}(\\.\\d{1,9})?s");
    private static final BigDecimal LONGEST = BigDecimal.valueOf(315_576_000_000L);
    private static final long FIRST_SECOND = -62_135_596_800L; // 0001-01-01
    private static final long LAST_SECOND = 253_402_300_799L; // 9999-12-31

    private final MessageReader messages;
    private final ScalarReader scalars;
    private final Findings findings;
    private final AnyReader anys;

    WellKnownReader(
            DocumentTypes types, MessageReader messages, ScalarReader scalars, Findings findings) {
        this.messages = messages;
        this.scalars = scalars;
        this.findings = findings;
        this.anys = new AnyReader(types, messages, findings);
    }

    static boolean hasOwnForm(Descriptor type) {
        return OTHERS.contains(type.getFullName()) || WRAPPERS.contains(type.getFullName());
    }

    /** Whether {@code null} is a value of the field, and not its absence. */
    static boolean readsNull(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && !field.isRepeated()
                && field.getMessageType().getFullName().equals("google.protobuf.Value");
    }

    void read(Tree tree, Message.Builder into, String path) {
        Descriptor type = into.getDescriptorForType();
        switch (type.getFullName()) {
            case "google.protobuf.Any" -> anys.read(tree, into, path);
            case "google.protobuf.Struct" ->
                    structure(tree, type, path).ifPresent(value -> merge(into, value));
            case "google.protobuf.Value" -> merge(into, FreeForm.value(tree));
            case "google.protobuf.ListValue" -> list(tree, into, path);
            default -> scalar(tree, type, path).ifPresent(scalar -> single(scalar, into, path));
        }
    }

    private void single(Scalar scalar, Message.Builder into, String path) {
        switch (into.getDescriptorForType().getFullName()) {
            case "google.protobuf.Duration" -> duration(scalar, into, path);
            case "google.protobuf.Timestamp" -> timestamp(scalar, into, path);
            case "google.protobuf.FieldMask" -> fieldMask(scalar, into);
            default -> {
                FieldDescriptor value = into.getDescriptorForType().findFieldByNumber(1);
                scalars.read(scalar, value, path).ifPresent(read -> into.setField(value, read));
            }
        }
    }

    private Optional<Struct> structure(Tree tree, Descriptor type, String path) {
        return messages.mapping(tree, path, type).map(FreeForm::struct);
    }

    private void list(Tree tree, Message.Builder into, String path) {
        if (tree instanceof Sequence sequence) {
            merge(into, FreeForm.list(sequence));
        } else {
            findings.add(path, tree.place(), tree.shape(), "a list", "write it as `[…]`");
        }
    }

    private Optional<Scalar> scalar(Tree tree, Descriptor type, String path) {
        if (tree instanceof Scalar scalar && !scalar.isNull()) {
            return Optional.of(scalar);
        }
        findings.add(
                path,
                tree.place(),
                tree.shape(),
                "one value of " + type.getFullName(),
                tree instanceof Mapping
                        ? "write the value itself, without fields"
                        : "write a value");
        return Optional.empty();
    }

    private void duration(Scalar scalar, Message.Builder into, String path) {
        String text = scalar.text();
        if (SECONDS.matcher(text).matches()) {
            BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
            if (seconds.abs().compareTo(LONGEST) <= 0) {
                long whole = seconds.longValue();
                int nanos =
                        seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).intValue();
                merge(into, Duration.newBuilder().setSeconds(whole).setNanos(nanos).build());
                return;
            }
        }
        boolean bare = ScalarReader.number(text).isPresent();
        findings.add(
                path,
                scalar.place(),
                scalar.shape(),
                "a duration in seconds, such as 0.25s, up to 315576000000s",
                bare ? "write " + text + "s" : "write the seconds, followed by s");
    }

    private void timestamp(Scalar scalar, Message.Builder into, String path) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(scalar.text());
            long seconds = time.toEpochSecond();
            if (seconds >= FIRST_SECOND && seconds <= LAST_SECOND) {
                merge(
                        into,
                        Timestamp.newBuilder()
                                .setSeconds(seconds)
                                .setNanos(time.getNano())
                                .build());
                return;
            }
        } catch (DateTimeParseException notATime) {
            // the finding below says so
        }
        findings.add(
                path,
                scalar.place(),
                scalar.shape(),
                "a time of the years 1 to 9999, such as 2026-11-23T08:00:00Z",
                "write it as in RFC 3339, with Z or an offset");
    }

    private static void fieldMask(Scalar scalar, Message.Builder into) {
        FieldMask.Builder mask = FieldMask.newBuilder();
        for (String part : scalar.text().split(",", -1)) {
            if (!part.isBlank()) {
                mask.addPaths(snakeCase(part.strip()));
            }
        }
        merge(into, mask.build());
    }

    private static String snakeCase(String camelCase) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                out.append('_').append((char) (c - 'A' + 'a'));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Copies by bytes, since the builder may be a generated or a dynamic message. */
    static void merge(Message.Builder into, Message value) {
        try {
            into.mergeFrom(value.toByteString());
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("own bytes of " + value, impossible);
        }
    }
}

package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.match.PlainRequest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Replays the published vectors, which another implementation wrote (src/test/vectors). */
class VectorsTest {
    private static final GateName ORDERS = new GateName("orders");

    @Test
    void hashes_and_buckets_are_those_of_the_xxhash_library() {
        List<String[]> rows = Vectors.read("hashes.tsv");

        assertThat(rows).hasSizeGreaterThan(300);
        for (String[] row : rows) {
            Salt salt = new Salt(new String(Vectors.hex(row[0]), StandardCharsets.UTF_8));
            byte[] key = Vectors.hex(row[1]);
            assertThat(Buckets.bucket(salt, key))
                    .as("bucket of %s after %s", row[1], salt)
                    .isEqualTo(Integer.parseInt(row[3]));
            assertThat(Buckets.evidenceHash(ORDERS, key))
                    .as("evidence hash of %s", row[1])
                    .isEqualTo(HexFormat.fromHexDigitsToLong(row[4]));
        }
    }

    @TestFactory
    Stream<DynamicTest> keys_are_read_as_the_contract_says() {
        return Vectors.read("keys.tsv").stream()
                .map(row -> DynamicTest.dynamicTest(row[0], () -> readsKey(row)));
    }

    private static void readsKey(String[] row) throws TextFormat.ParseException {
        PlainRequest request = Vectors.request(row[2], row[3]);
        if (!row[4].equals("-")) {
            request = request.withClient(row[4]);
        }
        request = request.withPeer(Vectors.hex(row[5]));
        KeyBuffer buffer = new KeyBuffer();

        KeyReader.Found found = new KeyReader(buffer).read(keySource(row[1]), request);

        String got =
                switch (found) {
                    case KEY -> "key:" + HexFormat.of().formatHex(buffer.copy());
                    case NOTHING -> "missing";
                    case TOO_LONG -> "too_long";
                };
        assertThat(got).isEqualTo(row[6]);
    }

    /** The source as the parser reads it, in a gate around it. */
    private static KeySource keySource(String text) {
        return Gates.orders("bucketing { key { " + text + " } }").bucketing().key();
    }

    @TestFactory
    Stream<DynamicTest> decisions_are_those_of_the_contract() {
        return Vectors.read("decisions.tsv").stream()
                .map(row -> DynamicTest.dynamicTest(row[0], () -> decides(row)));
    }

    private static void decides(String[] row) {
        Gate gate = Gates.parse(row[1]);
        Operation operation = new Operation("get", OperationClass.valueOf(row[2]));
        Carried carried =
                row[3].equals("-")
                        ? Carried.NOTHING
                        : Baggage.find(List.of(row[3]), gate.carriedId());

        GateDecision decision =
                new GateDecider(() -> 0)
                        .decide(
                                HeldGate.first(gate),
                                operation,
                                carried,
                                Vectors.request(row[4], row[5]));

        assertThat(DecisionHeader.write(decision)).isEqualTo(row[6]);
    }
}

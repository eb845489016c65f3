package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.match.PlainRequest;
import dev.sluice.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What must hold for every key, salt and share, tried with drawn ones. */
class PropertiesTest {
    private static final int KEYS = 20_000;

    /** Chance of failing though the property holds: below 1e-9 for each comparison. */
    private static final double SIGMAS = 6.2;

    private static final Seeds SEEDS = Seeds.printed("gate properties");

    private Stream<DynamicTest> drawn(int times, Consumer<RandomGenerator> test) {
        return IntStream.range(0, times)
                .mapToObj(i ->
                        DynamicTest.dynamicTest(
                                "seed " + SEEDS.seed() + " draw " + i,
                                () -> test.accept(SEEDS.generator("draw " + i))));
    }

    private static byte[] key(RandomGenerator random) {
        byte[] key = new byte[1 + random.nextInt(64)];
        random.nextBytes(key);
        return key;
    }

    private static Salt salt(RandomGenerator random) {
        return new Salt("salt-" + Long.toHexString(random.nextLong()));
    }

    private static GateDecision decide(Gate gate, byte[] key) {
        return new GateDecider(() -> 0)
                .decideForKey(HeldGate.first(gate), Gates.READ, PlainRequest.NOTHING, key);
    }

    @TestFactory
    Stream<DynamicTest> raising_the_share_only_adds_keys_and_lowering_only_removes() {
        return drawn(
                20,
                random -> {
                    int low = random.nextInt(PartsPerMillion.WHOLE + 1);
                    int high = low + random.nextInt(PartsPerMillion.WHOLE + 1 - low);
                    Gate less = Gates.orders(low);
                    Gate more = less.withShare(new PartsPerMillion(high));
                    for (int i = 0; i < 500; i++) {
                        byte[] key = key(random);
                        Mode before = decide(less, key).mode();
                        Mode after = decide(more, key).mode();
                        assertThat(after).isGreaterThanOrEqualTo(before);
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> nothing_is_in_at_zero_and_everything_at_the_whole() {
        return drawn(
                5,
                random -> {
                    for (int i = 0; i < 500; i++) {
                        byte[] key = i == 0 ? new byte[0] : key(random);
                        assertThat(decide(Gates.orders(0), key).mode()).isEqualTo(Mode.OFF);
                        assertThat(decide(Gates.orders(1_000_000), key).mode())
                                .isEqualTo(Mode.COMPLETE);
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> buckets_are_uniform() {
        return drawn(
                5,
                random -> {
                    Salt salt = salt(random);
                    int cells = 100;
                    int[] counts = new int[cells];
                    for (int i = 0; i < KEYS; i++) {
                        byte[] key = ("user-" + random.nextLong()).getBytes(StandardCharsets.UTF_8);
                        counts[Buckets.bucket(salt, key) / (PartsPerMillion.WHOLE / cells)]++;
                    }
                    double mean = (double) KEYS / cells;
                    double chi2 =
                            Arrays.stream(counts)
                                    .mapToDouble(c -> (c - mean) * (c - mean) / mean)
                                    .sum();
                    // chi-square with 99 degrees of freedom: mean 99, standard deviation 14.07
                    assertThat(chi2).isBetween(99 - 5 * 14.07, 99 + 8 * 14.07);
                });
    }

    @TestFactory
    Stream<DynamicTest> different_salts_choose_independent_keys() {
        return drawn(
                5,
                random -> {
                    Salt one = salt(random);
                    Salt other = salt(random);
                    double share = 0.3;
                    int limit = (int) (share * PartsPerMillion.WHOLE);
                    int both = 0;
                    for (int i = 0; i < KEYS; i++) {
                        byte[] key = ("user-" + i).getBytes(StandardCharsets.UTF_8);
                        boolean inOne = Buckets.bucket(one, key) < limit;
                        boolean inOther = Buckets.bucket(other, key) < limit;
                        both += inOne && inOther ? 1 : 0;
                    }
                    double expected = KEYS * share * share;
                    double deviation = Math.sqrt(expected * (1 - share * share));
                    assertThat((double) both)
                            .isBetween(
                                    expected - SIGMAS * deviation, expected + SIGMAS * deviation);
                });
    }

    @TestFactory
    Stream<DynamicTest> the_evidence_hash_is_independent_of_the_bucket() {
        return drawn(
                5,
                random -> {
                    int share = 300_000;
                    int inCell = 0;
                    Gate gate = Gates.orders(share);
                    for (int i = 0; i < KEYS; i++) {
                        byte[] key = ("u" + random.nextLong()).getBytes(StandardCharsets.UTF_8);
                        GateDecision decision = decide(gate, key);
                        long hash = ((GateDecision.Key.Used) decision.key()).hash();
                        boolean in = decision.mode() == Mode.COMPLETE;
                        inCell += in && (hash >>> 63) == 0 ? 1 : 0;
                    }
                    double expected = KEYS * 0.15;
                    double deviation = Math.sqrt(expected * 0.85);
                    assertThat((double) inCell)
                            .isBetween(
                                    expected - SIGMAS * deviation, expected + SIGMAS * deviation);
                });
    }

    @TestFactory
    Stream<DynamicTest> preview_foretells_what_moves() {
        return drawn(
                10,
                random -> {
                    Gate before = drawnGate(random);
                    Gate after = drawnGate(random);
                    Preview preview = Preview.between(before, after);
                    int to = 0;
                    int back = 0;
                    for (int i = 0; i < KEYS; i++) {
                        byte[] key = ("user-" + i).getBytes(StandardCharsets.UTF_8);
                        int order = decide(after, key).mode().compareTo(decide(before, key).mode());
                        to += order > 0 ? 1 : 0;
                        back += order < 0 ? 1 : 0;
                    }
                    isAbout(to, preview.toPpm());
                    isAbout(back, preview.backPpm());
                });
    }

    private static Gate drawnGate(RandomGenerator random) {
        String steps = random.nextBoolean() ? "from: SHADOW to: LIVE" : "from: LIVE to: RAMP_DOWN";
        return Gates.orders(
                "store_kind: SEPARATE %s share_ppm: %d bucketing { salt: '%s' } %s"
                        .formatted(
                                steps,
                                random.nextInt(PartsPerMillion.WHOLE + 1),
                                random.nextBoolean() ? "a" : "b",
                                random.nextInt(4) == 0 ? "kill { reason: 'x' }" : ""));
    }

    private static void isAbout(int count, PartsPerMillion expected) {
        double share = (double) expected.value() / PartsPerMillion.WHOLE;
        double deviation = Math.sqrt(KEYS * share * (1 - share));
        assertThat((double) count)
                .isBetween(
                        KEYS * share - SIGMAS * deviation - 1,
                        KEYS * share + SIGMAS * deviation + 1);
    }

    @TestFactory
    Stream<DynamicTest> a_carried_decision_is_the_same_downstream() {
        return drawn(
                20,
                random -> {
                    Gate edge = Gates.orders("gate_set: 'gateSets/shop' share_ppm: 500000");
                    Gate downstream =
                            Gates.orders(
                                    "name: 'gates/users' gate_set: 'gateSets/shop' share_ppm: "
                                            + random.nextInt(PartsPerMillion.WHOLE + 1));
                    for (int i = 0; i < 100; i++) {
                        GateDecision first = decide(edge, key(random));
                        List<String> lines =
                                Baggage.write(
                                                List.of("a=b"),
                                                List.of(CarriedDecision.of(edge, first)))
                                        .lines();
                        GateDecision second =
                                new GateDecider(() -> 0)
                                        .decide(
                                                HeldGate.first(downstream),
                                                Gates.WRITE,
                                                Baggage.find(lines, downstream.carriedId()),
                                                PlainRequest.NOTHING);
                        assertThat(second.reason()).isEqualTo(Reason.CARRIED);
                        assertThat(second.mode()).isEqualTo(first.mode());
                        assertThat(second.bucket()).isEqualTo(first.bucket());
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> what_is_carried_is_read_as_it_was_written() {
        return drawn(
                50,
                random -> {
                    CarriedDecision carried =
                            new CarriedDecision(
                                    "s" + random.nextInt(100),
                                    random.nextBoolean()
                                            ? Optional.empty()
                                            : Optional.of(
                                                    new GateRevision(
                                                            random.nextLong(1, Long.MAX_VALUE),
                                                            random.nextLong(1, Long.MAX_VALUE))),
                                    Mode.values()[random.nextInt(Mode.values().length)],
                                    random.nextBoolean()
                                            ? OptionalInt.empty()
                                            : OptionalInt.of(random.nextInt(1_000_000)));

                    List<String> lines = Baggage.write(List.of(), List.of(carried)).lines();

                    assertThat(Baggage.read(lines)).containsExactly(carried);
                });
    }

    @TestFactory
    Stream<DynamicTest> hostile_bytes_never_throw() {
        return drawn(
                20,
                random -> {
                    String alphabet = "sluice.shop=1,;\"\\{}:[]0aeE+-/?& \t\u00ff\u0000%";
                    Gate claim = Gates.orders("bucketing { key { jwt_claim { claim: 'a.b' } } }");
                    for (int i = 0; i < 300; i++) {
                        StringBuilder text = new StringBuilder();
                        for (int n = random.nextInt(60); n > 0; n--) {
                            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
                        }
                        Baggage.read(List.of(text));
                        DecisionHeader.parse(text);
                        String payload =
                                Base64.getUrlEncoder()
                                        .encodeToString(
                                                text.toString()
                                                        .getBytes(StandardCharsets.ISO_8859_1));
                        PlainRequest request =
                                PlainRequest.NOTHING
                                        .withLine("GET", text.toString())
                                        .withHeader("cookie", text.toString())
                                        .withHeader("authorization", "x." + payload + ".y");
                        request.cookie("shop");
                        request.queryParameter("a");
                        assertThat(
                                        new GateDecider(() -> 0)
                                                .decide(
                                                        HeldGate.first(claim),
                                                        Gates.READ,
                                                        Carried.NOTHING,
                                                        request)
                                                .reason())
                                .isIn(Reason.MISSING_KEY, Reason.SHARE);
                    }
                });
    }
}

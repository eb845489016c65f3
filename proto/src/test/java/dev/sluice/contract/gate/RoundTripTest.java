package dev.sluice.contract.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.CohortName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problems;
import dev.sluice.contract.match.ApiVersionMatcher;
import dev.sluice.contract.match.CookieMatcher;
import dev.sluice.contract.match.GrpcMatcher;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.LetterCase;
import dev.sluice.contract.match.QueryMatcher;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is written is read as it was, for drawn gates. */
class RoundTripTest {
    private static final Seeds SEEDS = Seeds.printed("gate round trip");

    @TestFactory
    Stream<DynamicTest> a_gate_is_read_as_it_was_written() {
        return drawn(draw -> {
            Gate gate = draw.gate(Optional.of(new GateRevision(draw.positive(), 7)));
            dev.sluice.gate.v1.Gate proto = GateWriter.write(gate);
            Gate read = GateParser.parse(proto).orThrow();
            assertThat(read).isEqualTo(gate).hasSameHashCodeAs(gate);
            assertThat(GateWriter.write(read).toByteString()).isEqualTo(proto.toByteString());
        });
    }

    @TestFactory
    Stream<DynamicTest> a_route_gate_is_read_as_it_was_written() {
        return drawn(draw -> {
            RouteGate.Source source =
                    draw.oneOf(
                            () -> new RouteGate.Source.Named(new GateName("orders")),
                            () -> new RouteGate.Source.Inline(draw.gate(Optional.empty())));
            RouteGate gate =
                    new RouteGate(
                            source,
                            new Operation("op/1", draw.word(OperationClass.values())),
                            draw.oneOf(
                                    () -> Optional.<Arm>empty(),
                                    () -> Optional.of(draw.word(Arm.values()))));
            Problems none = Problems.root();
            assertThat(GateParser.routeGate(GateWriter.write(gate), "other", none)).contains(gate);
        });
    }

    @TestFactory
    Stream<DynamicTest> a_filter_is_read_as_it_was_written() {
        return drawn(draw -> {
            GateFilter.CarriedTrust trust = draw.word(GateFilter.CarriedTrust.values());
            boolean byId = trust == GateFilter.CarriedTrust.MTLS_PEERS;
            GateFilter filter =
                    new GateFilter(
                            trust,
                            byId ? List.of(draw.text(), draw.text()) : List.of(),
                            draw.word(GateFilter.Explain.values()));
            Problems none = Problems.root();
            assertThat(GateParser.gateFilter(GateWriter.write(filter), none)).contains(filter);
        });
    }

    private static Stream<DynamicTest> drawn(Consumer<Draw> test) {
        return IntStream.range(0, 50)
                .mapToObj(i ->
                        DynamicTest.dynamicTest(
                                "seed " + SEEDS.seed() + " draw " + i,
                                () -> test.accept(new Draw(SEEDS.generator("" + i)))));
    }

    /** Draws valid parts of gates. */
    private record Draw(RandomGenerator random) {
        long positive() {
            return random.nextLong(1, Long.MAX_VALUE);
        }

        <E> E word(E[] words) {
            return words[random.nextInt(words.length)];
        }

        @SafeVarargs
        final <T> T oneOf(Supplier<? extends T>... ways) {
            return ways[random.nextInt(ways.length)].get();
        }

        <T> Optional<T> maybe(Supplier<T> value) {
            return random.nextBoolean() ? Optional.empty() : Optional.of(value.get());
        }

        <T> List<T> some(Supplier<T> value) {
            List<T> some = new ArrayList<>();
            for (int n = random.nextInt(3); n > 0; n--) {
                some.add(value.get());
            }
            return some;
        }

        PartsPerMillion share() {
            return new PartsPerMillion(random.nextInt(PartsPerMillion.WHOLE + 1));
        }

        String name() {
            return oneOf(() -> "x-user", () -> "abc", () -> "n" + random.nextInt(1000));
        }

        StringMatcher text() {
            WireText text = WireText.of(oneOf(() -> "a", () -> "ключ", () -> "A b=c"));
            LetterCase letters = word(LetterCase.values());
            return oneOf(
                    () -> new StringMatcher.Exact(text, letters),
                    () -> new StringMatcher.Prefix(text, letters),
                    () -> new StringMatcher.Suffix(text, letters),
                    () -> new StringMatcher.Contains(text, letters),
                    () -> StringMatcher.Regex.compile("a+|[é]").orThrow());
        }

        HeaderMatcher header() {
            HeaderMatcher.Test test =
                    oneOf(
                            () -> new HeaderMatcher.Test.Text(text()),
                            () -> new HeaderMatcher.Test.Range(random.nextLong(), 5),
                            HeaderMatcher.Test.Present::new,
                            HeaderMatcher.Test.Absent::new);
            return new HeaderMatcher(
                    name(),
                    test,
                    word(HeaderMatcher.Sense.values()),
                    word(HeaderMatcher.Missing.values()));
        }

        QueryMatcher query() {
            return new QueryMatcher(
                    WireText.of(oneOf(() -> "é", () -> "q")).bytes(),
                    oneOf(
                            () -> new QueryMatcher.Test.Text(text()),
                            QueryMatcher.Test.Present::new,
                            QueryMatcher.Test.Absent::new));
        }

        RequestMatch match() {
            return new RequestMatch(
                    maybe(this::text),
                    some(() -> oneOf(() -> "GET", () -> "M-SEARCH")),
                    some(this::header),
                    some(this::query),
                    some(() ->
                            new CookieMatcher(
                                    name(), maybe(this::text), word(HeaderMatcher.Sense.values()))),
                    maybe(() ->
                            oneOf(
                                    () -> GrpcMatcher.service("shop.v1.Orders"),
                                    () -> GrpcMatcher.method("shop.v1.Orders", "Get"))),
                    some(this::text),
                    maybe(() ->
                            new ApiVersionMatcher(
                                    oneOf(
                                            () -> new ApiVersionMatcher.Source.Header(name()),
                                            () ->
                                                    new ApiVersionMatcher.Source.PathSegment(
                                                            random.nextInt(64))),
                                    text())));
        }

        List<Rule> rules() {
            List<Rule> rules = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                Rule.Outcome outcome =
                        oneOf(
                                () -> new Rule.Outcome.Fixed(word(Arm.values())),
                                Rule.Outcome.ByShare::new);
                rules.add(
                        new Rule(
                                "r" + i,
                                oneOf(() -> RequestMatch.EVERY, this::match),
                                maybe(this::cohort),
                                outcome));
            }
            return rules;
        }

        CohortMatch cohort() {
            return new CohortMatch(
                    maybe(() -> new CohortName(name())),
                    some(this::text),
                    some(this::text),
                    oneOf(() -> RequestMatch.EVERY, this::match));
        }

        Bucketing bucketing() {
            Salt salt = new Salt(oneOf(() -> "a", () -> "é".repeat(64), () -> "salt-1"));
            if (random.nextInt(4) == 0) {
                MissingKey cookie =
                        new MissingKey.IssueCookie(
                                "uid",
                                oneOf(() -> "/", () -> "/shop"),
                                maybe(() -> "shop.example"),
                                Duration.ofSeconds(random.nextLong(1, 34_560_000)),
                                word(
                                        new MissingKey.SameSite[] {
                                            MissingKey.SameSite.STRICT, MissingKey.SameSite.LAX
                                        }),
                                word(MissingKey.Transport.values()));
                return new Bucketing(salt, new KeySource.Cookie("uid"), cookie);
            }
            KeySource key =
                    oneOf(
                            () -> new KeySource.Header(name()),
                            () -> new KeySource.Cookie(name()),
                            () -> new KeySource.JwtClaim(name(), "a.b"),
                            () -> new KeySource.PathSegment(random.nextInt(64)),
                            () -> new KeySource.GrpcMetadata("x-user-bin"),
                            KeySource.ClientIdentity::new,
                            KeySource.PeerAddress::new);
            return new Bucketing(salt, key, oneOf(MissingKey.Legacy::new, MissingKey.Random::new));
        }

        Gate.TripPolicy trip() {
            int healthy = random.nextInt(1, 1000);
            return new Gate.TripPolicy(
                    word(Gate.Trips.values()),
                    new PartsPerMillion(healthy),
                    new PartsPerMillion(healthy + random.nextInt(1, 1000)),
                    new PartsPerMillion(random.nextInt(1, 500_000)));
        }

        Gate.WriteHold hold() {
            int from = random.nextInt(1_000_000);
            return new Gate.WriteHold(
                    from,
                    random.nextInt(from + 1, 1_000_001),
                    Duration.ofMillis(random.nextLong(1, 60_000)));
        }

        Gate.Kill kill() {
            return new Gate.Kill(
                    "errors",
                    maybe(() -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1000))),
                    oneOf(() -> "", () -> "ann"));
        }

        Gate gate(Optional<GateRevision> revision) {
            StoreKind store = word(StoreKind.values());
            Mode from =
                    store == StoreKind.SHARED
                            ? oneOf(() -> Mode.OFF, () -> Mode.SHADOW)
                            : Mode.ofNumber(random.nextInt(1, 6)).orElseThrow();
            List<Mode> next = List.copyOf(from.next(store));
            Optional<Gate.Kill> kill = maybe(this::kill);
            Set<String> trips = new HashSet<>(some(() -> "n/b/" + random.nextInt(100)));
            Gate.WriteAuthority authority =
                    store == StoreKind.SHARED
                            ? new Gate.WriteAuthority.ByMode()
                            : oneOf(
                                    Gate.WriteAuthority.ByMode::new,
                                    () -> new Gate.WriteAuthority.NewBelow(share()));
            boolean byBucket = authority instanceof Gate.WriteAuthority.NewBelow;
            return new Gate(
                    new GateName("orders"),
                    byBucket ? Gate.WriteAuthority.CONTRACT_VERSION : CohortMatch.CONTRACT_VERSION,
                    revision,
                    maybe(() -> new GateSetName("shop")),
                    "old",
                    "new",
                    store,
                    from,
                    next.get(random.nextInt(next.size())),
                    share(),
                    bucketing(),
                    rules(),
                    kill.isPresent() ? TakeBack.FROM : word(TakeBack.values()),
                    Duration.ofSeconds(random.nextLong(1, 2_592_000)),
                    kill,
                    trips,
                    trip(),
                    authority,
                    byBucket ? maybe(this::hold) : Optional.empty(),
                    oneOf(
                            Gate.FallbackPolicy.Never::new,
                            () -> new Gate.FallbackPolicy.ToLegacy(maybe(this::name))));
        }
    }
}

package dev.sluice.contract.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestMatchTest {
    private static final StringMatcher A =
            new StringMatcher.Exact(WireText.of("a"), LetterCase.SENSITIVE);
    private static final StringMatcher PATH =
            new StringMatcher.Prefix(WireText.of("/shop.v1.Orders/"), LetterCase.SENSITIVE);
    private static final HeaderMatcher HEADER =
            new HeaderMatcher(
                    "x-a",
                    new HeaderMatcher.Test.Text(A),
                    HeaderMatcher.Sense.HOLDS,
                    HeaderMatcher.Missing.ABSENT);
    private static final RequestMatch ALL =
            new RequestMatch(
                    Optional.of(PATH),
                    List.of("GET", "POST"),
                    List.of(HEADER),
                    List.of(new QueryMatcher("q", new QueryMatcher.Test.Text(A))),
                    List.of(new CookieMatcher("c", Optional.of(A), HeaderMatcher.Sense.HOLDS)),
                    Optional.of(GrpcMatcher.service("shop.v1.Orders")),
                    List.of(
                            new StringMatcher.Exact(WireText.of("x"), LetterCase.SENSITIVE),
                            new StringMatcher.Prefix(
                                    WireText.of("spiffe://"), LetterCase.SENSITIVE)),
                    Optional.of(
                            new ApiVersionMatcher(new ApiVersionMatcher.Source.Header("x-v"), A)));
    private static final PlainRequest RIGHT =
            PlainRequest.NOTHING
                    .withLine("POST", "/shop.v1.Orders/Get?q=a")
                    .withHeader("x-a", "a")
                    .withHeader("cookie", "c=a")
                    .withHeader("content-type", "application/grpc")
                    .withHeader("x-v", "a")
                    .withClient("spiffe://shop/a");

    private static PlainRequest without(String header) {
        return new PlainRequest(
                RIGHT.method(),
                RIGHT.target(),
                RIGHT.headers().stream().filter(h -> !h.name().equals(header)).toList(),
                RIGHT.clientIdentity(),
                RIGHT.peer());
    }

    @Test
    void a_request_that_is_right_in_everything_matches() {
        assertThat(ALL.matches(RIGHT)).isTrue();
        assertThat(ALL.isEvery()).isFalse();
    }

    @Test
    void a_request_that_is_wrong_in_one_thing_does_not_match() {
        assertThat(ALL.matches(RIGHT.withLine("PUT", RIGHT.target()))).as("method").isFalse();
        assertThat(ALL.matches(RIGHT.withLine("GET", "/other?q=a"))).as("path").isFalse();
        assertThat(ALL.matches(RIGHT.withLine("GET", "/shop.v1.Orders/Get"))).as("query").isFalse();
        assertThat(ALL.matches(without("x-a"))).as("header").isFalse();
        assertThat(ALL.matches(without("cookie"))).as("cookie").isFalse();
        assertThat(ALL.matches(without("content-type"))).as("gRPC").isFalse();
        assertThat(ALL.matches(without("x-v"))).as("API version").isFalse();
        assertThat(ALL.matches(RIGHT.withClient("y"))).as("client").isFalse();
        PlainRequest anonymous =
                new PlainRequest(
                        RIGHT.method(),
                        RIGHT.target(),
                        RIGHT.headers(),
                        Optional.empty(),
                        RIGHT.peer());
        assertThat(ALL.matches(anonymous)).as("no client").isFalse();
    }

    @Test
    void without_matchers_it_is_every_request() {
        assertThat(RequestMatch.EVERY.isEvery()).isTrue();
        assertThat(RequestMatch.EVERY.matches(PlainRequest.NOTHING)).isTrue();
        assertThat(RequestMatch.EVERY.matches(RIGHT)).isTrue();
    }
}

package dev.sluice.proxy.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.match.PlainRequest;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.filter.rewrite.HeaderMutator;
import dev.sluice.proxy.filter.rewrite.HostRewriter;
import dev.sluice.proxy.filter.rewrite.PathNormalizer;
import dev.sluice.proxy.filter.rewrite.PathRewriter;
import dev.sluice.proxy.filter.rewrite.RedirectLocation;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Addition;
import dev.sluice.proxy.snapshot.header.HeaderMutations.AppendAction;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.snapshot.header.HeaderValue;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.PathNormalization;
import dev.sluice.proxy.snapshot.log.LogPart;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec.PathMatch;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.HostRewrite;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Redirect;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
    private static final PathMatch API = new PathMatch.Prefix("/api");

    private static Addition add(String name, String value, AppendAction action) {
        return new Addition(name, value, action, false);
    }

    @Test
    void headers_are_removed_then_overwritten_then_appended() {
        HeaderBlock block =
                new HeaderBlock().add("gone", "1").add("a", "1").add("a", "2").add("b", "1");
        Changes changes =
                new Changes(
                        List.of("gone"),
                        List.of(
                                add("gone", "new", AppendAction.ADD_IF_ABSENT),
                                add("a", "3", AppendAction.APPEND_IF_EXISTS_OR_ADD),
                                add("a", "0", AppendAction.OVERWRITE_IF_EXISTS_OR_ADD),
                                add("b", "2", AppendAction.ADD_IF_ABSENT),
                                add("c", "1", AppendAction.OVERWRITE_IF_EXISTS),
                                add("d", "", AppendAction.APPEND_IF_EXISTS_OR_ADD),
                                new Addition("e", "", AppendAction.APPEND_IF_EXISTS_OR_ADD, true)));

        HeaderMutator.of(List.of(changes)).apply(block);

        assertThat(block).hasToString("a: 0\nb: 1\ngone: new\na: 3\ne: \n");
    }

    @Test
    void a_level_sees_what_the_level_before_it_did() {
        HeaderBlock block = new HeaderBlock();
        Changes first = new Changes(List.of(), List.of(add("x", "1", AppendAction.ADD_IF_ABSENT)));
        Changes second = new Changes(List.of(), List.of(add("x", "2", AppendAction.ADD_IF_ABSENT)));

        HeaderMutator.of(List.of(first, Changes.NONE, second)).apply(block);

        assertThat(block).hasToString("x: 1\n");
        assertThat(HeaderMutator.of(List.of(Changes.NONE)).isNone()).isTrue();
    }

    @Test
    void command_operators_speak_of_the_fields_before_their_level_adds_any() {
        HeaderValue value = HeaderValue.of(List.of(LogPart.PATH));
        List<Addition> additions =
                List.of(
                        add("a", "1", AppendAction.OVERWRITE_IF_EXISTS_OR_ADD),
                        new Addition("b", value, AppendAction.APPEND_IF_EXISTS_OR_ADD, false));
        Changes level = new Changes(List.of("gone"), additions);
        HeaderBlock block = new HeaderBlock().add("gone", "1").add("a", "0");

        HeaderMutator mutator = HeaderMutator.of(List.of(level, level));
        mutator.apply(block, (asked, headers) -> headers.toString().replace("\n", ";"));

        assertThat(mutator.speaks()).isTrue();
        assertThat(block).hasToString("a: 1\nb: a: 0;\nb: a: 1;b: a: 0;;\n");
    }

    @Test
    void a_value_that_says_nothing_is_added_only_where_empty_ones_are_kept() {
        HeaderValue value = HeaderValue.of(List.of(LogPart.PATH));
        List<Addition> additions =
                List.of(
                        new Addition("a", value, AppendAction.APPEND_IF_EXISTS_OR_ADD, false),
                        new Addition("b", value, AppendAction.APPEND_IF_EXISTS_OR_ADD, true));
        HeaderBlock block = new HeaderBlock();

        HeaderMutator.of(List.of(new Changes(List.of(), additions)))
                .apply(block, (asked, headers) -> "");

        assertThat(block).hasToString("b: \n");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/orders?x=/api, /v2/orders?x=/api",
        "/api, /v2",
        "/apix, /v2x",
        "/api?q, /v2?q"
    })
    void a_matched_prefix_is_replaced(String target, String expected) {
        assertThat(PathRewriter.compile(new PathRewrite.Prefix("/v2"), API).rewrite(target))
                .hasToString(expected);
    }

    @Test
    void a_matched_path_is_replaced_whole_and_the_query_stays() {
        PathRewrite rewrite = new PathRewrite.Prefix("/new");

        assertThat(PathRewriter.compile(rewrite, new PathMatch.Exact("/a")).rewrite("/a?q=1"))
                .hasToString("/new?q=1");
        assertThat(PathRewriter.compile(rewrite, new PathMatch.Regex("/.*")).rewrite("/a/b?q=1"))
                .hasToString("/new?q=1");
        assertThat(PathRewriter.compile(new PathRewrite.Keep(), API).rewrite("/a?q"))
                .hasToString("/a?q");
        assertThat(
                        PathRewriter.compile(rewrite, new PathMatch.SegmentPrefix("/api"))
                                .rewrite("/api/x"))
                .hasToString("/new/x");
    }

    @ParameterizedTest
    @CsvSource({
        "^/service/([^/]+)(/.*)$, \\2/instance/\\1, /service/foo/v1/api, /v1/api/instance/foo",
        "one, two, /xxx/one/yyy/one/zzz, /xxx/two/yyy/two/zzz",
        "^(.*?)one(.*)$, \\1two\\2, /xxx/one/yyy/one/zzz, /xxx/two/yyy/one/zzz",
        "(?i)/xxx/, /yyy/, /aaa/XxX/bbb, /aaa/yyy/bbb",
        "a, \\\\\\0\\0, /a?a, /\\aa?a"
    })
    void a_regular_expression_replaces_every_match_in_the_path(
            String expression, String substitution, String target, String expected) {
        assertThat(
                        PathRewriter.compile(new PathRewrite.Regex(expression, substitution), API)
                                .rewrite(target))
                .hasToString(expected);
    }

    private static Redirect redirect(
            String scheme, String host, int port, PathRewrite path, boolean stripQuery) {
        return new Redirect(
                301,
                Optional.of(scheme).filter(s -> !s.isEmpty()),
                Optional.of(host).filter(h -> !h.isEmpty()),
                port == 0 ? Optional.empty() : Optional.of(port),
                path,
                stripQuery);
    }

    private static String location(Redirect redirect, String scheme, String authority) {
        return RedirectLocation.compile(redirect, API).location(scheme, authority, "/api/x?q=1");
    }

    @Test
    void a_redirect_replaces_parts_of_the_requests_own_url() {
        PathRewrite keep = new PathRewrite.Keep();

        assertThat(location(redirect("https", "", 0, keep, false), "http", "shop.com:80"))
                .isEqualTo("https://shop.com/api/x?q=1");
        assertThat(location(redirect("https", "", 0, keep, false), "http", "shop.com:8080"))
                .isEqualTo("https://shop.com:8080/api/x?q=1");
        assertThat(location(redirect("", "", 0, keep, false), "http", "shop.com:80"))
                .isEqualTo("http://shop.com:80/api/x?q=1");
        assertThat(location(redirect("http", "", 0, keep, false), "https", "[::1]:443"))
                .isEqualTo("http://[::1]/api/x?q=1");
        assertThat(location(redirect("", "", 444, keep, false), "https", "shop.com:1"))
                .isEqualTo("https://shop.com:444/api/x?q=1");
        assertThat(location(redirect("", "new.com", 444, keep, true), "https", "shop.com:1"))
                .isEqualTo("https://new.com:444/api/x");
    }

    @Test
    void a_redirect_rewrites_the_path_and_keeps_or_strips_the_query() {
        assertThat(location(redirect("", "", 0, new PathRewrite.Whole("/new"), false), "http", "a"))
                .isEqualTo("http://a/new?q=1");
        assertThat(location(redirect("", "", 0, new PathRewrite.Whole("/new"), true), "http", "a"))
                .isEqualTo("http://a/new");
        assertThat(
                        location(
                                redirect("", "", 0, new PathRewrite.Whole("/new?own"), true),
                                "http",
                                "a"))
                .isEqualTo("http://a/new?own");
        assertThat(location(redirect("", "", 0, new PathRewrite.Prefix("/v2"), true), "http", "a"))
                .isEqualTo("http://a/v2/x");
        assertThat(
                        location(
                                redirect("", "", 0, new PathRewrite.Regex("x", "y"), false),
                                "http",
                                "a"))
                .isEqualTo("http://a/api/y?q=1");
    }

    @Test
    void a_host_is_rewritten_by_each_kind() {
        PlainRequest request = PlainRequest.NOTHING.withHeader("x-host", "from.header");

        assertThat(HostRewriter.authority(new HostRewrite.Keep(), request, Optional.of("e")))
                .isEmpty();
        assertThat(HostRewriter.authority(new HostRewrite.Literal("l"), request, Optional.of("e")))
                .contains("l");
        assertThat(HostRewriter.authority(new HostRewrite.Auto(), request, Optional.of("e")))
                .contains("e");
        assertThat(HostRewriter.authority(new HostRewrite.Auto(), request, Optional.empty()))
                .isEmpty();
        assertThat(
                        HostRewriter.authority(
                                new HostRewrite.FromHeader("x-host"), request, Optional.empty()))
                .contains("from.header");
        assertThat(
                        HostRewriter.authority(
                                new HostRewrite.FromHeader("x-none"), request, Optional.empty()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/a/./b/../c, /a/c",
        "/a/%2e%2E/b, /b",
        "/../../x, /x",
        "/a/.., /",
        "/a/., /a/",
        "/%41%2f%7e, /A%2f~",
        "/a\\b, /a/b",
        "/a//b, /a/b",
        "/a/../../b//?x=//, /b/?x=//",
        "'*', '*'"
    })
    void paths_are_normalised(String target, String expected) {
        PathNormalizer normalizer = new PathNormalizer(new PathNormalization(true, true));

        assertThat(normalizer.normalize(target).orElse("refused")).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"/%", "/%4", "/%zz", "/a%00b", "a/b", "?x"})
    void paths_without_a_normal_form_are_refused(String target) {
        assertThat(new PathNormalizer(new PathNormalization(true, false)).normalize(target))
                .isEmpty();
    }

    @Test
    void paths_stay_as_they_came_unless_asked_for() {
        assertThat(new PathNormalizer(PathNormalization.NONE).normalize("/a//../%zz"))
                .hasValue("/a//../%zz");
        assertThat(
                        new PathNormalizer(new PathNormalization(false, true))
                                .normalize("/a//../b")
                                .orElseThrow())
                .hasToString("/a/../b");
    }
}

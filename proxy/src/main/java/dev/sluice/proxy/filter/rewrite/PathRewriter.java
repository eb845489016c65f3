package dev.sluice.proxy.filter.rewrite;

import com.google.re2j.Pattern;
import dev.sluice.contract.match.Texts;
import dev.sluice.contract.match.WireText;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec.PathMatch;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import java.util.ArrayList;
import java.util.List;

/** Rewrites the path of a request target; the query stays as it is. Immutable. */
public sealed interface PathRewriter {

    /**
     * The rewritten target.
     *
     * @param target path and perhaps a query, with a path that the route matched
     */
    CharSequence rewrite(CharSequence target);

    /** The rewriter of a route that matches paths by {@code match}. */
    static PathRewriter compile(PathRewrite spec, PathMatch match) {
        return switch (spec) {
            case PathRewrite.Keep() -> new Keep();
            case PathRewrite.Whole(String path) -> new Whole(path);
            case PathRewrite.Prefix(String replacement) ->
                    switch (match) {
                        case PathMatch.Prefix(String prefix) ->
                                new Prefix(WireText.of(prefix).bytes().length(), replacement);
                        case PathMatch.SegmentPrefix(String prefix) ->
                                new Prefix(WireText.of(prefix).bytes().length(), replacement);
                        case PathMatch.Connect() -> new Keep();
                        case PathMatch.Exact ignored -> new Whole(replacement);
                        case PathMatch.Regex ignored -> new Whole(replacement);
                    };
            case PathRewrite.Regex(String expression, String substitution) ->
                    new Regex(Pattern.compile(expression), Substitution.parse(substitution));
        };
    }

    /** Leaves the target as it is. */
    record Keep() implements PathRewriter {
        @Override
        public CharSequence rewrite(CharSequence target) {
            return target;
        }
    }

    /** Puts a text in the place of the whole path. */
    record Whole(String path) implements PathRewriter {
        @Override
        public CharSequence rewrite(CharSequence target) {
            return path + target.subSequence(pathEnd(target), target.length());
        }
    }

    /** Puts a text in the place of the first {@code length} characters. */
    record Prefix(int length, String replacement) implements PathRewriter {
        @Override
        public CharSequence rewrite(CharSequence target) {
            int kept = Math.min(length, pathEnd(target));
            return replacement + target.subSequence(kept, target.length());
        }
    }

    /** Puts a substitution in the place of every match of an RE2 expression. */
    record Regex(Pattern pattern, Substitution substitution) implements PathRewriter {
        @Override
        public CharSequence rewrite(CharSequence target) {
            int end = pathEnd(target);
            String path = target.subSequence(0, end).toString();
            return substitution.replaceAll(pattern, path)
                    + target.subSequence(end, target.length());
        }
    }

    /** Where the path of a target ends: at its {@code ?} or {@code #}. */
    private static int pathEnd(CharSequence target) {
        return Math.min(Texts.indexOf(target, '?', 0), Texts.indexOf(target, '#', 0));
    }

    /**
     * An RE2 rewrite string: literal parts, and references to groups. Immutable.
     *
     * @param parts literals, each but the first after the group of the same position
     * @param groups one fewer than parts
     */
    record Substitution(List<String> parts, List<Integer> groups) {
        public Substitution {
            parts = List.copyOf(parts);
            groups = List.copyOf(groups);
        }

        /** Reads {@code \0..\9} as groups and {@code \\} as a backslash; the parser checked it. */
        static Substitution parse(String text) {
            List<String> parts = new ArrayList<>();
            List<Integer> groups = new ArrayList<>();
            StringBuilder literal = new StringBuilder();
            int at = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c != '\\') {
                    literal.append(c);
                    at++;
                    continue;
                }
                char escaped = text.charAt(at + 1);
                if (escaped == '\\') {
                    literal.append('\\');
                } else {
                    parts.add(literal.toString());
                    literal.setLength(0);
                    groups.add(escaped - '0');
                }
                at += 2;
            }
            parts.add(literal.toString());
            return new Substitution(parts, groups);
        }

        /** The text with every match replaced; empty groups are empty texts. */
        String replaceAll(Pattern pattern, String text) {
            var matcher = pattern.matcher(text);
            StringBuilder out = new StringBuilder();
            int copied = 0;
            while (matcher.find()) {
                out.append(text, copied, matcher.start());
                out.append(parts.getFirst());
                for (int i = 0; i < groups.size(); i++) {
                    String group = matcher.group(groups.get(i));
                    out.append(group == null ? "" : group).append(parts.get(i + 1));
                }
                copied = matcher.end();
            }
            return out.append(text, copied, text.length()).toString();
        }
    }
}

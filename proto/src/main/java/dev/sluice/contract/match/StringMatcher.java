package dev.sluice.contract.match;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.nio.charset.StandardCharsets;

/**
 * How a text of a request must be: Envoy's {@code StringMatcher} in its own words. Letter case is
 * that of ASCII. Immutable.
 */
public sealed interface StringMatcher {
    /** Whether a wire text (one char a byte) is so. */
    boolean matches(CharSequence value);

    /** The whole value. */
    record Exact(WireText text, LetterCase letterCase) implements StringMatcher {
        @Override
        public boolean matches(CharSequence value) {
            return text.equalTo(value, letterCase);
        }
    }

    /** The beginning of the value. */
    record Prefix(WireText text, LetterCase letterCase) implements StringMatcher {
        @Override
        public boolean matches(CharSequence value) {
            return text.isPrefixOf(value, letterCase);
        }
    }

    /** The end of the value. */
    record Suffix(WireText text, LetterCase letterCase) implements StringMatcher {
        @Override
        public boolean matches(CharSequence value) {
            return text.isSuffixOf(value, letterCase);
        }
    }

    /** A part of the value. */
    record Contains(WireText text, LetterCase letterCase) implements StringMatcher {
        @Override
        public boolean matches(CharSequence value) {
            return text.isIn(value, letterCase);
        }
    }

    /**
     * A regular expression over the whole value, in RE2's syntax, in time linear in the value; a
     * value with bytes over 127 is read as UTF-8, as by Envoy. Immutable.
     */
    final class Regex implements StringMatcher {
        private final Pattern pattern;

        private Regex(Pattern pattern) {
            this.pattern = pattern;
        }

        /** Compiles an expression; refused with RE2's own reason when it is none. */
        public static Parsed<Regex> compile(String expression) {
            try {
                return Parsed.ok(new Regex(Pattern.compile(expression)));
            } catch (PatternSyntaxException bad) {
                return Parsed.refused(
                        new Problem(
                                "",
                                Problem.quote(expression) + ": " + bad.getDescription(),
                                "a regular expression in RE2 syntax",
                                "correct it; back references and look-around do not exist in RE2"));
            }
        }

        /** The expression as it was given. */
        public String expression() {
            return pattern.pattern();
        }

        @Override
        public boolean matches(CharSequence value) {
            return isAscii(value)
                    ? pattern.matcher(value).matches()
                    : pattern.matcher(value.toString().getBytes(StandardCharsets.ISO_8859_1))
                            .matches();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Regex regex && expression().equals(regex.expression());
        }

        @Override
        public int hashCode() {
            return expression().hashCode();
        }

        @Override
        public String toString() {
            return "Regex[" + expression() + "]";
        }

        private static boolean isAscii(CharSequence value) {
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) > 0x7f) {
                    return false;
                }
            }
            return true;
        }
    }
}

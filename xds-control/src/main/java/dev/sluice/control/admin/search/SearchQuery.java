package dev.sluice.control.admin.search;

import com.google.protobuf.Message;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.message.FieldTexts;
import dev.sluice.control.message.FieldTexts.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is looked for: terms, all of which must hold. Immutable. The language:
 * SearchCatalogRequest.query.
 */
record SearchQuery(List<Term> terms) {
    private static final int LONGEST = 1_024;
    private static final int MOST_TERMS = 16;

    /** A minus, a field with a colon, and a text in quotes or of one word. */
    private static final Pattern TERM =
            Pattern.compile(
                    "(?<not>-)?(?:(?<field>[a-z][a-z0-9_.-]*):)?"
                            + "(?:\"(?<quoted>[^\"]*)\"|(?<word>[^\"\\s]\\S*))(?=\\s|$)");

    SearchQuery {
        terms = List.copyOf(terms);
    }

    /**
     * One term.
     *
     * @param field where; empty for anywhere
     * @param text what must stand there, in lower case
     */
    record Term(Wanted wanted, Optional<String> field, String text) {
        private boolean fits(Field found) {
            return field.filter(name -> !isIn(found, name)).isEmpty()
                    && found.text().toLowerCase(Locale.ROOT).contains(text);
        }

        private static boolean isIn(Field found, String field) {
            return found.name().equals(field) || found.name().startsWith(field + ".");
        }
    }

    /** Whether a term must hold. */
    enum Wanted {
        YES,
        NO
    }

    /** The query of a request; empty, after a problem was added, for one that is none. */
    static Optional<SearchQuery> parse(String text, Problems at) {
        List<Term> terms = new ArrayList<>();
        Matcher matcher = TERM.matcher(text);
        int place = afterBlanks(text, 0);
        while (place < text.length()) {
            if (!matcher.find(place) || matcher.start() != place) {
                at.add(
                        Problem.quote(text.substring(place)),
                        "TEXT, \"A TEXT\" or FIELD:TEXT, parted by blanks",
                        "put what has blanks or quotes into double quotes");
                return Optional.empty();
            }
            terms.add(term(matcher));
            place = afterBlanks(text, matcher.end());
        }
        if (terms.isEmpty() || terms.size() > MOST_TERMS || text.length() > LONGEST) {
            at.add(
                    terms.size() + " terms of " + text.length() + " characters",
                    "1.." + MOST_TERMS + " terms of at most " + LONGEST + " characters",
                    "say what to look for");
            return Optional.empty();
        }
        return Optional.of(new SearchQuery(terms));
    }

    /**
     * Where the terms that must hold stand in a resource, in their order; empty when one of them
     * does not hold, or one does that must not.
     */
    Optional<List<String>> find(Message resource) {
        List<Field> fields = FieldTexts.of(resource);
        List<String> places = new ArrayList<>();
        for (Term term : terms) {
            Optional<Field> found = fields.stream().filter(term::fits).findFirst();
            if (found.isPresent() != (term.wanted == Wanted.YES)) {
                return Optional.empty();
            }
            found.ifPresent(field -> places.add(field.path()));
        }
        return Optional.of(places);
    }

    private static Term term(Matcher matcher) {
        String quoted = matcher.group("quoted");
        String said = quoted == null ? matcher.group("word") : quoted;
        return new Term(
                matcher.group("not") == null ? Wanted.YES : Wanted.NO,
                Optional.ofNullable(matcher.group("field")),
                said.toLowerCase(Locale.ROOT));
    }

    private static int afterBlanks(String text, int from) {
        int place = from;
        while (place < text.length() && Character.isWhitespace(text.charAt(place))) {
            place++;
        }
        return place;
    }
}

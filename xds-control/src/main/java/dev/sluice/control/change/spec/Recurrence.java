package dev.sluice.control.change.spec;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The days of a recurrence rule (RFC 5545, 3.3.10), of those with at most one time a day: FREQ of
 * DAILY, WEEKLY, MONTHLY or YEARLY, INTERVAL, BYMONTH, BYMONTHDAY, BYDAY and WKST. COUNT and UNTIL
 * are not part of it: a window has a last day. Immutable.
 *
 * @param monthDays 1..31, or from the end -1..-31; empty for all that the rest names
 * @param days weekdays; with an ordinal of the month where it is not 0
 */
public record Recurrence(
        Frequency frequency,
        int interval,
        Set<Month> months,
        Set<Integer> monthDays,
        Set<Day> days,
        DayOfWeek weekStart) {
    private static final int LARGEST_INTERVAL = 1_000;
    private static final List<String> WEEKDAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");
    private static final Pattern DAY = Pattern.compile("([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)");
    private static final Set<String> PARTS =
            Set.of("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST");

    public Recurrence {
        months = Set.copyOf(months);
        monthDays = Set.copyOf(monthDays);
        days = Set.copyOf(days);
    }

    /** How far apart the sets of days lie. */
    public enum Frequency {
        DAILY,
        WEEKLY,
        MONTHLY,
        YEARLY
    }

    /** A weekday; every one for ordinal 0, else the n-th of its month, from the end for -n. */
    public record Day(DayOfWeek weekday, int ordinal) {
        boolean is(LocalDate date) {
            if (date.getDayOfWeek() != weekday) {
                return false;
            }
            int fromStart = (date.getDayOfMonth() + 6) / 7;
            int fromEnd = (date.lengthOfMonth() - date.getDayOfMonth()) / 7 + 1;
            return ordinal == 0 || ordinal == fromStart || -ordinal == fromEnd;
        }
    }

    /** Reads a rule; empty, after its problems were added, for one that is wrong. */
    public static Optional<Recurrence> parse(String rule, Problems at) {
        int before = at.count();
        Map<String, String> parts = new HashMap<>();
        for (String part : rule.split(";", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || !PARTS.contains(name)) {
                refuse(part, "NAME=VALUE of " + PARTS.stream().sorted().toList(), at);
            } else if (parts.put(name, part.substring(equals + 1)) != null) {
                refuse(part, "each part once", at);
            }
        }
        Optional<Frequency> frequency = frequency(parts.getOrDefault("FREQ", ""), at);
        int interval = number(parts.getOrDefault("INTERVAL", "1"), 1, LARGEST_INTERVAL, at);
        Set<Month> months = EnumSet.noneOf(Month.class);
        for (String month : listed(parts, "BYMONTH")) {
            months.add(Month.of(number(month, 1, 12, at)));
        }
        Set<Integer> monthDays = new HashSet<>();
        for (String day : listed(parts, "BYMONTHDAY")) {
            int sign = day.startsWith("-") ? -1 : 1;
            monthDays.add(sign * number(sign < 0 ? day.substring(1) : day, 1, 31, at));
        }
        Set<Day> days = new HashSet<>();
        for (String day : listed(parts, "BYDAY")) {
            day(day, at).ifPresent(days::add);
        }
        DayOfWeek weekStart =
                day(parts.getOrDefault("WKST", "MO"), at)
                        .map(Day::weekday)
                        .orElse(DayOfWeek.MONDAY);
        frequency.ifPresent(known -> refuseMixed(known, monthDays, days, months, at));
        return at.count() > before
                ? Optional.empty()
                : Optional.of(
                        new Recurrence(
                                frequency.orElseThrow(),
                                interval,
                                months,
                                monthDays,
                                days,
                                weekStart));
    }

    /**
     * Whether it is on a day.
     *
     * @param start the first day, from which intervals count
     */
    public boolean isOn(LocalDate start, LocalDate date) {
        return !date.isBefore(start)
                && distance(start, date) % interval == 0
                && (months.isEmpty() || months.contains(date.getMonth()))
                && (monthDays.isEmpty() || isMonthDay(date))
                && (days.isEmpty() || days.stream().anyMatch(day -> day.is(date)))
                && isOnByDefault(start, date);
    }

    private long distance(LocalDate start, LocalDate date) {
        return switch (frequency) {
            case DAILY -> ChronoUnit.DAYS.between(start, date);
            case WEEKLY -> ChronoUnit.WEEKS.between(week(start), week(date));
            case MONTHLY -> ChronoUnit.MONTHS.between(YearMonth.from(start), YearMonth.from(date));
            case YEARLY -> date.getYear() - start.getYear();
        };
    }

    private LocalDate week(LocalDate date) {
        return date.with(TemporalAdjusters.previousOrSame(weekStart));
    }

    private boolean isMonthDay(LocalDate date) {
        return monthDays.contains(date.getDayOfMonth())
                || monthDays.contains(date.getDayOfMonth() - date.lengthOfMonth() - 1);
    }

    /** What the rule does not say is taken from the first day. */
    private boolean isOnByDefault(LocalDate start, LocalDate date) {
        if (!days.isEmpty() || !monthDays.isEmpty()) {
            return true;
        }
        return switch (frequency) {
            case DAILY -> true;
            case WEEKLY -> date.getDayOfWeek() == start.getDayOfWeek();
            case MONTHLY -> date.getDayOfMonth() == start.getDayOfMonth();
            case YEARLY ->
                    date.getDayOfMonth() == start.getDayOfMonth()
                            && (!months.isEmpty() || date.getMonth() == start.getMonth());
        };
    }

    private static void refuseMixed(
            Frequency frequency,
            Set<Integer> monthDays,
            Set<Day> days,
            Set<Month> months,
            Problems at) {
        boolean ordinals = days.stream().anyMatch(day -> day.ordinal() != 0);
        boolean ofMonths =
                frequency == Frequency.MONTHLY
                        || (frequency == Frequency.YEARLY && !months.isEmpty());
        if (ordinals && !ofMonths) {
            refuse("BYDAY with a number", "FREQ=MONTHLY, or YEARLY with BYMONTH", at);
        }
        if (frequency == Frequency.WEEKLY && !monthDays.isEmpty()) {
            refuse("BYMONTHDAY with FREQ=WEEKLY", "another FREQ", at);
        }
    }

    private static Optional<Frequency> frequency(String text, Problems at) {
        for (Frequency frequency : Frequency.values()) {
            if (frequency.name().equals(text)) {
                return Optional.of(frequency);
            }
        }
        refuse("FREQ=" + text, "FREQ of " + List.of(Frequency.values()), at);
        return Optional.empty();
    }

    private static Optional<Day> day(String text, Problems at) {
        Matcher day = DAY.matcher(text);
        if (!day.matches()) {
            refuse(text, "a weekday of " + WEEKDAYS + ", with a number such as 1MO or -1FR", at);
            return Optional.empty();
        }
        String ordinal = day.group(1);
        return Optional.of(
                new Day(
                        DayOfWeek.of(WEEKDAYS.indexOf(day.group(2)) + 1),
                        ordinal == null ? 0 : Integer.parseInt(ordinal)));
    }

    private static int number(String text, int least, int most, Problems at) {
        if (text.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        refuse(text, least + ".." + most, at);
        return least;
    }

    private static List<String> listed(Map<String, String> parts, String name) {
        return parts.containsKey(name) ? List.of(parts.get(name).split(",", -1)) : List.of();
    }

    private static void refuse(String got, String expected, Problems at) {
        at.add(Problem.quote(got), expected, "correct the rule");
    }
}

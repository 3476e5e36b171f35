-- Text as officers read it, and text for comparing.

-- '1.234,5': all decimals that the value has, none that it has not.
create macro core.spelt(value) as
    case when value < 0 then '-' else '' end
    || replace(format('{:,}', abs(trunc(value)::bigint)), ',', '.')
    || case
        when value = trunc(value) then ''
        else ',' || rtrim(split_part(value::varchar, '.', 2), '0')
    end;

-- DECIMALs of 64 bits are spelt several times faster than wider ones.
create macro core.vietnamese_exact(value) as
    case
        when value between -999999999999 and 999999999999 then core.spelt(value::decimal(18, 6))
        else core.spelt(value::decimal(24, 6))
    end;

create macro core.vietnamese(value, decimals) as
    core.vietnamese_exact(core.half_up(value, decimals));

-- An operand of an equation: a negative one in brackets.
create macro core.operand(value) as
    case
        when value < 0 then '(' || core.vietnamese_exact(value) || ')'
        else core.vietnamese_exact(value)
    end;

-- An operand with the share of it that counts: '1.204 × 40 %'.
create macro core.term(value, share) as
    case
        when share is null then core.operand(value)
        else core.operand(value) || ' × ' || core.vietnamese_exact(share * 100) || ' %'
    end;

create macro core.with_unit(figure, unit_of_measure) as
    figure || case when unit_of_measure <> '' then ' ' || unit_of_measure else '' end;

create macro core.vietnamese_date(day) as strftime(day, '%d/%m/%Y');

-- Members of a list of {'at': …, 'what': …} in order, and as one text. An aggregate's own ORDER BY is
-- ten times slower over many small groups.
create macro core.in_order(members) as
    list_transform(list_sort(members), lambda member: member.what);

create macro core.joined(members, separator) as
    array_to_string(core.in_order(members), separator);

-- Without case, diacritics, punctuation and doubled spaces (strip_accents leaves đ).
create macro core.plain(words) as
    trim(regexp_replace(replace(lower(strip_accents(words)), 'đ', 'd'), '[^a-z0-9]+', ' ', 'g'));

-- Số, ký hiệu for comparing: '58 /bc-ubnd' is '58/BC-UBND', '09/2010' is '9/2010'.
create macro core.number_key(number) as
    ltrim(upper(regexp_replace(number, '\s', '', 'g')), '0');

-- A message with its {fields} filled from the facts; a fact that is not known is said to be so.
create macro core.fill(message, facts) as
    regexp_replace(
        list_reduce(
            list_prepend(
                {'key': '', 'value': message},
                [
                    {'key': fact.key, 'value': coalesce(fact.value, '(không rõ)')}
                    for fact in map_entries(facts)
                ]
            ),
            lambda filled, fact: {
                'key': '', 'value': replace(filled.value, '{' || fact.key || '}', fact.value)
            }
        ).value,
        '\{[a-z_]+\}', '(không rõ)', 'g'
    );

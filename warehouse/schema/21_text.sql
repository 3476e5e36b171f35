-- Text as officers read it, and text for comparing.

-- '1.234,5': all decimals that the value has, none that it has not.
create macro core.vietnamese_exact(value) as
    case when value < 0 then '-' else '' end
    || replace(format('{:,}', abs(core.millionths(value)) // 1000000), ',', '.')
    || case
        when core.millionths(value) % 1000000 = 0 then ''
        else ',' || rtrim(lpad((abs(core.millionths(value)) % 1000000)::varchar, 6, '0'), '0')
    end;

create macro core.vietnamese(value, decimals) as
    core.vietnamese_exact(core.half_up(value, decimals));

-- An operand of an equation: a negative one in brackets.
create macro core.operand(value) as
    case
        when value < 0 then '(' || core.vietnamese_exact(value) || ')'
        else core.vietnamese_exact(value)
    end;

create macro core.with_unit(figure, unit_of_measure) as
    figure || case when unit_of_measure <> '' then ' ' || unit_of_measure else '' end;

create macro core.vietnamese_date(day) as strftime(day, '%d/%m/%Y');

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

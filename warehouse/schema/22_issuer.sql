-- One issuer is written in many ways: in full or short, with or without 'Chủ tịch' and the name of
-- its province or district. What two spellings share; a commune's name stays, it tells issuers apart.
create macro core.issuer_key(issuer) as
    list_reduce(
        [
            {'pattern': '', 'with': core.plain(issuer)},
            {'pattern': 'uy ban nhan dan', 'with': 'ubnd'},
            {'pattern': 'hoi dong nhan dan', 'with': 'hdnd'},
            {'pattern': '\bgd ?dt\b', 'with': 'giao duc va dao tao'},
            {'pattern': '\b(tinh|huyen) .*$', 'with': '\1'},
            {'pattern': '^chu tich ', 'with': ''},
            {'pattern': '^((phong|so) .*) (tinh|huyen)$', 'with': '\1'}
        ],
        (done, step) -> {'pattern': '', 'with': regexp_replace(done['with'], step['pattern'], step['with'])}
    )['with'];

-- A warehouse as the first schema left it, filled: columns of revision 0001 alone. District A corrected its report (one
-- figure was 1, then 2), district B's was rejected. Made up.

INSERT INTO warehouse.dim_reform_area (reform_area_code, sort_order, name_vi, name_en) VALUES
('I', 1, 'Lĩnh vực I', 'Area I'), ('II', 2, 'Lĩnh vực II', 'Area II'), ('III', 3, 'Lĩnh vực III', 'Area III');
INSERT INTO warehouse.dim_district (
    district_code, name_vi, name_en, district_type, province_code, commune_count, sort_name, source
) VALUES
('A', 'Huyện A', 'A District', 'huyện', '94', 10, 'a', 'test'),
('B', 'Huyện B', 'B District', 'huyện', '94', 10, 'b', 'test');
INSERT INTO warehouse.dim_period (
    period_code, year, term, period_start, period_end, is_cumulative, name_vi, name_en, due_at, deadline_source
) VALUES ('2021-Q1', 2021, 'Q1', '2020-12-15', '2021-03-14', true, 'Quý I', 'Quarter I', '2021-03-19 00:00+07', 'test');
INSERT INTO warehouse.dim_form (
    form_code, issuer, document_no, issued_on, valid_from, title_vi, title_en, row_count, asked_count
) VALUES ('form-a', 'Sở', '1', '2020-12-01', '2020-12-01', 'Biểu', 'Form', 3, 2);
INSERT INTO warehouse.dim_indicator (
    indicator_code, reform_area_code, parent_code, kind, unit_vi, unit_en, code_labels_vi, code_labels_en, nature,
    sort_order, name_vi, name_en
) VALUES
('steering', 'I', '', 'heading', '', '', '', '', 'flow', 1, 'Chỉ tiêu steering', 'Indicator steering'),
('done', 'I', '', 'count', 'Nhiệm vụ', 'tasks', '', '', 'flow', 2, 'Chỉ tiêu done', 'Indicator done'),
('assigned', 'I', '', 'count', 'Nhiệm vụ', 'tasks', '', '', 'flow', 3, 'Chỉ tiêu assigned', 'Indicator assigned');
INSERT INTO warehouse.form_row (form_key, row_number, path, item, label, unit, indicator_code, is_asked, is_required)
VALUES
(1, 1, 'I', '', 'Heading', '', 'steering', false, false),
(1, 2, 'I.2', '2', 'Chỉ tiêu done', '', 'done', true, false),
(1, 3, 'I.3', '3', 'Chỉ tiêu assigned', '', 'assigned', true, false);

INSERT INTO raw.file (sha256, size_bytes) VALUES
(repeat('a', 64), 1), (repeat('b', 64), 2), (repeat('c', 64), 3);
INSERT INTO raw.sighting (source_url, source_version, sha256) VALUES ('file:///drive/1.docx', '1-1', repeat('a', 64));
INSERT INTO raw.submission (
    sha256, source_url, file_name, channel, received_at, status, district_code, period_code, form_code, signed_on, reader
) VALUES
(
    repeat('a', 64), 'file:///drive/1.docx', '1.docx', 'drive', '2021-03-15 08:00+07', 'superseded', 'A', '2021-Q1',
    'form-a', '2021-03-14', 'reader 0'
),
(
    repeat('b', 64), 'file:///drive/2.docx', '2.docx', 'drive', '2021-03-16 08:00+07', 'accepted', 'A', '2021-Q1',
    'form-a', '2021-03-15', 'reader 0'
),
(
    repeat('c', 64), 'file:///drive/3.docx', '3.docx', 'drive', '2021-03-17 08:00+07', 'rejected', 'B', '2021-Q1',
    'form-a', '2021-03-16', 'reader 0'
);
INSERT INTO raw.submission_event (submission_id, status, actor, happened_at) VALUES
(1, 'received', 'clerk', '2021-03-15 08:00+07'), (1, 'accepted', 'clerk', '2021-03-15 08:01+07'),
(2, 'received', 'clerk', '2021-03-16 08:00+07'), (2, 'accepted', 'clerk', '2021-03-16 08:01+07'),
(1, 'superseded', 'clerk', '2021-03-16 08:01+07'),
(3, 'received', 'clerk', '2021-03-17 08:00+07'), (3, 'rejected', 'clerk', '2021-03-17 08:01+07');
INSERT INTO staging.observation (
    submission_id, row_number, reform_area_code, item, indicator_code, label, unit, value, value_status, raw_value, note,
    location
) VALUES
(1, 1, 'I', '2', 'done', 'Chỉ tiêu done', '', 1, 'reported', '1', '', 'table[1]/row[2]/col[4]'),
(1, 2, 'I', '3', 'assigned', 'Chỉ tiêu assigned', '', 10, 'reported', '10', 'ghi chú', 'table[1]/row[3]/col[4]'),
(2, 1, 'I', '2', 'done', 'Chỉ tiêu done', '', 2, 'reported', '2', '', 'table[1]/row[2]/col[4]'),
(2, 2, 'I', '3', 'assigned', 'Chỉ tiêu assigned', '', 10, 'reported', '10', 'ghi chú', 'table[1]/row[3]/col[4]'),
(3, 1, 'I', '2', 'done', 'Chỉ tiêu done', '', NULL, 'undecidable', '1,349', '', 'table[1]/row[2]/col[4]');
INSERT INTO staging.finding (
    submission_id, finding_number, rule_code, severity, indicator_code, location, found, expected, difference, message_vi,
    message_en
) VALUES (3, 1, 'value_undecidable', 'critical', 'done', 'table[1]/row[2]/col[4]', '1,349', '', '', 'Lỗi', 'Error');
INSERT INTO warehouse.fact_submission (
    submission_id, district_key, period_key, form_key, received_at, accepted_at, signed_on, is_simulated, warning_count
) VALUES
(1, 1, 1, 1, '2021-03-15 08:00+07', '2021-03-15 08:01+07', '2021-03-14', false, 0),
(2, 1, 1, 1, '2021-03-16 08:00+07', '2021-03-16 08:01+07', '2021-03-15', false, 0);
INSERT INTO warehouse.fact_observation (
    district_key, period_key, indicator_key, known_from, known_to, submission_id, value, value_status, note, raw_value,
    location
) VALUES
(1, 1, 2, '2021-03-15 08:01+07', '2021-03-16 08:01+07', 1, 1, 'reported', '', '1', 'table[1]/row[2]/col[4]'),
(1, 1, 3, '2021-03-15 08:01+07', 'infinity', 1, 10, 'reported', 'ghi chú', '10', 'table[1]/row[3]/col[4]'),
(1, 1, 2, '2021-03-16 08:01+07', 'infinity', 2, 2, 'reported', '', '2', 'table[1]/row[2]/col[4]');

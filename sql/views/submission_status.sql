-- What the statuses of a submission, and of an expected report, mean in words.

CREATE VIEW mart.submission_status AS
SELECT
    v.status,
    v.status_name,
    v.status_name_en
FROM (
    VALUES
    ('received', 'Đã nhận, chưa đọc', 'Received, not yet read'),
    ('parsed', 'Đã đọc, chưa kiểm tra', 'Parsed, not yet validated'),
    ('accepted', 'Chấp nhận', 'Accepted'),
    ('accepted_with_warnings', 'Chấp nhận, có cảnh báo', 'Accepted with warnings'),
    ('held', 'Chờ người có thẩm quyền quyết định', 'Held for a person to decide'),
    ('rejected', 'Bị trả lại do có lỗi nghiêm trọng', 'Rejected for critical errors'),
    ('unreadable', 'Không đọc được tệp', 'The file cannot be read'),
    ('duplicate', 'Trùng với bản đã nộp', 'The same as an earlier one'),
    ('misfiled', 'Không rõ đơn vị hoặc kỳ báo cáo', 'District or period cannot be told'),
    ('withdrawn', 'Đã rút', 'Withdrawn'),
    ('superseded', 'Đã có bản mới thay thế', 'Replaced by a newer one'),
    ('missing', 'Chưa nộp báo cáo', 'No report has come')
) AS v (status, status_name, status_name_en);

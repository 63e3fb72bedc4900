"""The further answers of the page 满意度: where low ratings lie, speed beside them, surveys, complaints."""
